using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>What servers of the tests need of the machine.</summary>
static class TestMachine
{
    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program to its end, whatever comes of it.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
    }
}
