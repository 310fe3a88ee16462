using Berth.Linux.Files;

namespace Berth.Linux.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-lock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_directory_is_one_s_alone_or_shared()
    {
        using (FileLock.TryTake(_folder, shared: true))
        {
            Assert.Null(FileLock.TryTake(_folder));
            using var other = FileLock.TryTake(_folder, shared: true);
            Assert.NotNull(other);
        }

        using var alone = FileLock.TryTake(_folder);
        Assert.NotNull(alone);
        Assert.Null(FileLock.TryTake(_folder, shared: true));
    }

    [Fact]
    public void There_is_no_lock_where_there_is_nothing() => Assert.Null(FileLock.TryTake(Path.Combine(_folder, "nothing")));

    [Fact]
    public void A_file_that_dotnet_opened_shared_is_nobody_s_alone()
    {
        var path = Path.Combine(_folder, "f");
        File.WriteAllText(path, "");
        using var first = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using (File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            Assert.False(FileLock.TryChange(first, shared: false));
        }

        Assert.True(FileLock.TryChange(first, shared: false));
        Assert.True(FileLock.TryChange(first, shared: true));
    }
}
