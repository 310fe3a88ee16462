namespace Berth.Cli.Connection;

/// <summary>A request that was sent, and whose answer was not read yet.</summary>
sealed class PendingResponse(DaemonClient client, HttpConnection connection, HttpRequest request, bool reused)
{
    /// <summary>The answer's head, whatever it says.</summary>
    public HttpResponse Await()
    {
        try
        {
            return connection.ReadResponse(request.Method);
        }
        catch (EndOfStreamException) when (reused && !request.Streams && !connection.Answered)
        {
            // The daemon closed the idle connection while the request was on its way, and so did not see it.
            connection.Dispose();
            return client.Begin(request).Await();
        }
    }

    /// <summary>The answer's head; an error answer is thrown.</summary>
    public HttpResponse AwaitSuccess()
    {
        var response = Await();
        return response.Succeeded ? response : throw client.Error(response, request);
    }
}
