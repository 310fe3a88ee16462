namespace Berth.Images.Tests;

/// <summary>Layers hold files of any owner and devices: only root can make them.</summary>
internal static class Root
{
    public static void Require() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
}
