using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kinetra.Build.Package.Tests.Samples;

/// <summary>A web server on this machine whose answers a test decides one by one.</summary>
internal sealed class PriceServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<string> _requests = [];

    /// <summary>Starts to serve.</summary>
    /// <param name="answer">The raw answer to the n-th request, from 1.</param>
    public PriceServer(Func<int, byte[]> answer)
    {
        _listener.Start();
        _ = Task.Run(() => Serve(answer));
    }

    /// <summary>The address of a file.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/prices.csv";

    /// <summary>The requests that came.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>A raw answer.</summary>
    public static byte[] Answer(string status, byte[] body, int? length = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n\r\n"), .. body];

    public void Dispose() => _listener.Dispose();

    private void Serve(Func<int, byte[]> answer)
    {
        try
        {
            while (true)
            {
                using TcpClient client = _listener.AcceptTcpClient();
                using NetworkStream stream = client.GetStream();
                byte[] buffer = new byte[8192];
                int count = stream.Read(buffer);
                int number;
                lock (_requests)
                {
                    _requests.Add(Encoding.ASCII.GetString(buffer, 0, count));
                    number = _requests.Count;
                }

                stream.Write(answer(number));
            }
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
