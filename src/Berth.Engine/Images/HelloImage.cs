using System.Formats.Tar;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>The image that every engine has without a network: one small program, compiled from Berth.Programs into this assembly.</summary>
internal static class HelloImage
{
    private const string Resource = "hello-berth";
    private const string Program = "hello";

    // Fixed, so that the image has the same id wherever the same program was built.
    private static readonly DateTimeOffset _created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ImageReference Name { get; } = ImageReference.Parse("hello-berth").WithDefaultTag();

    public static OciImage Image { get; } = new()
    {
        Created = "2026-01-01T00:00:00Z",
        Architecture = ImagePlatform.Ours.Architecture,
        Os = ImagePlatform.Ours.Os,
        Config = new OciImageConfig { Cmd = [$"/{Program}"], WorkingDir = "/", Env = ["PATH=/"] },
        History = [new OciHistory { Created = _created, CreatedBy = $"COPY {Program} /", Comment = "built into berthd" }],
    };

    public static bool IsNamed(string nameOrId) =>
        ImageReference.TryParse(nameOrId, out var name) && name.WithDefaultTag() == Name;

    /// <summary>The archive of the only layer.</summary>
    public static Stream OpenLayer()
    {
        using var program = typeof(HelloImage).Assembly.GetManifestResourceStream(Resource)!;
        var layer = new MemoryStream();
        using (var archive = new TarWriter(layer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, Program)
            {
                DataStream = program,
                ModificationTime = _created,
                Mode = (UnixFileMode)0b111_101_101,
            });
        }

        layer.Position = 0;
        return layer;
    }
}
