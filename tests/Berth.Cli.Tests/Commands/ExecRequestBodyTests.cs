using System.Text.Json;
using Berth.Api.Containers;
using Berth.Cli.Commands.Containers;

namespace Berth.Cli.Tests.Commands;

public sealed class ExecRequestBodyTests
{
    [Fact]
    public void It_says_what_the_serializer_would()
    {
        var request = new CreateExecRequest
        {
            User = "a\"b\\c",
            Privileged = true,
            Tty = true,
            ConsoleSize = [24, 80],
            AttachStdin = true,
            AttachStdout = true,
            DetachKeys = "ctrl-a,\u0001",
            Env = ["A=\n\t\0\u001f\u007f", "B=é漢😀</script>"],
            WorkingDir = "",
            Cmd = ["sh", "-c", "\"", "\\", ""],
        };
        Same(request, ExecRequestBody.Of(request));
        Same(request with { Env = null, ConsoleSize = null, Cmd = [] }, ExecRequestBody.Of(request with { Env = null, ConsoleSize = null, Cmd = [] }));
    }

    private static void Same(CreateExecRequest request, byte[] body)
    {
        var expected = JsonSerializer.SerializeToElement(request, ContainerJson.Default.CreateExecRequest);
        Assert.True(JsonElement.DeepEquals(expected, JsonDocument.Parse(body).RootElement), System.Text.Encoding.UTF8.GetString(body));
    }
}
