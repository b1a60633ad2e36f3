using System.Net;
using System.Net.Sockets;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels;

/// <summary>What a network that breaks means for a post, over real sockets.</summary>
public sealed class TransportTests
{
    const string Sent = """{"id":"true_1_A","data":{"id":"1"}}""";

    public static TheoryData<string> Types => ["x", "facebook", "whatsapp"];

    [Theory, MemberData(nameof(Types))]
    public async Task A_refused_connection_is_not_sent(string type)
    {
        var result = await Some.Channel(type, ClosedPort()).PublishAsync(Some.Post);

        Assert.Contains("er is geen verbinding (ConnectionError)", Assert.IsType<PublishResult.NotSent>(result).Reason, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_name_that_does_not_resolve_is_not_sent(string type)
    {
        var result = await Some.Channel(type, new Uri("http://nergens.invalid")).PublishAsync(Some.Post);

        Assert.IsType<PublishResult.NotSent>(result);
    }

    [Fact]
    public async Task A_failed_tls_handshake_is_not_sent()
    {
        await using var server = new FaultyServer(connection => connection.WriteAsync("HTTP/1.1 400 This is no TLS\r\n\r\n"));
        var result = await Some.Channel("x", new Uri($"https://127.0.0.1:{server.Url.Port}")).PublishAsync(Some.Post);

        Assert.Contains("SecureConnectionError", Assert.IsType<PublishResult.NotSent>(result).Reason, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_reset_before_anything_was_read_is_ambiguous_because_bytes_were_handed_to_the_kernel(string type)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.UntilBytesArriveAsync();
            connection.Reset();
        });
        var result = await Some.Channel(type, server.Url).PublishAsync(Some.Post);

        Assert.Matches("nadat [1-9][0-9]+ bytes verzonden waren", Assert.IsType<PublishResult.Ambiguous>(result).Reason);
    }

    [Fact]
    public async Task A_reset_at_accept_is_not_sent_only_when_the_connection_failed_before_the_first_byte()
    {
        await using var server = new FaultyServer(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });
        using var channel = (IDisposable)Some.Channel("whatsapp", server.Url);

        // The reset races with connect and with the write: "not sent" needs its evidence, all else is ambiguous.
        for (var attempt = 0; attempt < 50; attempt++)
            switch (await ((IChannel)channel).PublishAsync(Some.Post))
            {
                case PublishResult.NotSent notSent:
                    Assert.Contains("er is geen verbinding (ConnectionError)", notSent.Reason, StringComparison.Ordinal);
                    break;
                case PublishResult.Ambiguous:
                    break;
                case var other:
                    Assert.Fail($"{other}");
                    break;
            }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_process_that_stood_still_past_the_time_of_its_request_writes_nothing_any_more(string type)
    {
        // The machine slept while the connection was made: the wall clock went on.
        await using var server = new FaultyServer(connection => connection.ReadRequestAsync());
        var clock = new LeapingClock();
        var result = await Some.Channel(type, server.Url, time: clock).PublishAsync(Some.Post);

        Assert.Contains("stond stil", Assert.IsType<PublishResult.NotSent>(result).Reason, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    sealed class LeapingClock : TimeProvider
    {
        int _asked;

        public override DateTimeOffset GetUtcNow() => Interlocked.Increment(ref _asked) == 1 ? Some.Now : Some.Now.AddSeconds(16);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_request_that_was_read_and_not_answered_is_ambiguous_and_not_repeated(string type)
    {
        await using var server = new FaultyServer(connection => connection.ReadRequestAsync());
        var result = await Some.Channel(type, server.Url).PublishAsync(Some.Post);

        Assert.Matches("nadat [1-9][0-9]+ bytes verzonden waren", Assert.IsType<PublishResult.Ambiguous>(result).Reason);
        Assert.Single(server.Requests);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_request_that_is_never_answered_is_ambiguous_after_the_timeout(string type)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.UntilTheTestEndsAsync();
        });
        var result = await Some.Channel(type, server.Url, TimeSpan.FromMilliseconds(500)).PublishAsync(Some.Post);

        Assert.Matches("geen antwoord binnen 0.5 s; [1-9][0-9]+ bytes", Assert.IsType<PublishResult.Ambiguous>(result).Reason);
        Assert.Single(server.Requests);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_cut_body_is_ambiguous_though_the_status_was_201(string type)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n" + Sent);
        });
        var result = await Some.Channel(type, server.Url).PublishAsync(Some.Post);

        Assert.IsType<PublishResult.Ambiguous>(result);
        Assert.Single(server.Requests);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_body_that_drips_past_the_timeout_is_ambiguous(string type)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 201 Created\r\nContent-Length: 400\r\n\r\n{");
            await connection.UntilTheTestEndsAsync();
        });
        var result = await Some.Channel(type, server.Url, TimeSpan.FromMilliseconds(500)).PublishAsync(Some.Post);

        Assert.IsType<PublishResult.Ambiguous>(result);
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_an_upload_is_ambiguous()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.UntilBytesArriveAsync();
            connection.Reset();
        });
        var large = Some.Photo with { Bytes = new byte[8 * 1024 * 1024] };
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post with { Photos = [large] });

        Assert.IsType<PublishResult.Ambiguous>(result);
    }

    [Fact]
    public async Task A_body_without_end_is_cut_off_and_ambiguous()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 201 Created\r\n\r\n");
            var megabyte = new string('x', 1024 * 1024);
            while (true)
                await connection.WriteAsync(megabyte);
        });
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post);

        Assert.IsType<PublishResult.Ambiguous>(result);
    }

    [Fact]
    public async Task A_pooled_connection_closed_before_the_request_is_noticed_and_the_post_goes_out_once()
    {
        var closed = new TaskCompletionSource();
        await using var server = new FaultyServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.AnswerAsync(201, Sent);
                connection.Reset();
                closed.SetResult();
            },
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.AnswerAsync(201, Sent);
            });
        var channel = Some.Channel("whatsapp", server.Url);
        await channel.PublishAsync(Some.Post);
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.IsType<PublishResult.Published>(await channel.PublishAsync(Some.Post));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_post_on_a_pooled_connection_that_is_read_and_dropped_is_ambiguous_and_not_sent_again()
    {
        await using var server = new FaultyServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.AnswerAsync(201, Sent);
                await connection.ReadRequestAsync();
            },
            connection => throw new InvalidOperationException("a second connection was opened"));
        var channel = Some.Channel("whatsapp", server.Url);
        Assert.IsType<PublishResult.Published>(await channel.PublishAsync(Some.Post));

        var result = await channel.PublishAsync(Some.Post);

        // The first attempt opened the connection; the second has its own bytes to its name, and no others.
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains(
            $"nadat {server.Requests[1].Length} bytes verzonden waren",
            Assert.IsType<PublishResult.Ambiguous>(result).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_are_counted_per_attempt_when_many_run_side_by_side()
    {
        await using var server = new FaultyServer(connection => connection.ReadRequestAsync());
        var broken = Some.Channel("whatsapp", server.Url);
        var refused = Some.Channel("whatsapp", ClosedPort());

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            index => (index % 2 == 0 ? broken : refused).PublishAsync(Some.Post)));

        for (var index = 0; index < results.Length; index++)
            Assert.IsType(index % 2 == 0 ? typeof(PublishResult.Ambiguous) : typeof(PublishResult.NotSent), results[index]);
        Assert.Single(results.OfType<PublishResult.Ambiguous>().Select(result => result.Reason).Distinct());
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_cancellation_while_waiting_is_ambiguous(string type)
    {
        using var stopping = new CancellationTokenSource();
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await stopping.CancelAsync();
            await connection.UntilTheTestEndsAsync();
        });
        var result = await Some.Channel(type, server.Url).PublishAsync(Some.Post, stopping.Token);

        Assert.IsType<PublishResult.Ambiguous>(result);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_cancellation_before_anything_left_is_not_sent(string type)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, Sent));
        var result = await Some.Channel(type, server.Url).PublishAsync(Some.Post, new CancellationToken(canceled: true));

        Assert.IsType<PublishResult.NotSent>(result);
        Assert.Empty(server.Requests);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_redirect_is_not_followed_and_is_ambiguous(string type)
    {
        await using var server = await ScriptedServer.StartAsync(
            new ScriptedAnswer(307, "").With("Location", "/elders"), new ScriptedAnswer(201, Sent));
        var result = await Some.Channel(type, server.Url).PublishAsync(Some.Post);

        Assert.IsType<PublishResult.Ambiguous>(result);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Sixty_four_posts_are_under_way_at_once()
    {
        var arrived = 0;
        var allThere = new TaskCompletionSource();
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            if (Interlocked.Increment(ref arrived) == 64)
                allThere.SetResult();
            await allThere.Task;
            await connection.AnswerAsync(201, Sent);
        });
        var channel = Some.Channel("whatsapp", server.Url);

        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => channel.PublishAsync(Some.Post)));

        Assert.All(results, result => Assert.IsType<PublishResult.Published>(result));
    }

    [Theory]
    [InlineData("Content-Type", "application/json; charset=nonsens")]
    [InlineData("Set-Cookie", "guest_id=v1; Domain=.elders.example; Path=/")]
    [InlineData("Set-Cookie", "===;;; Expires=gisteren")]
    [InlineData("Retry-After", "")]
    public async Task A_strange_header_does_not_hide_that_the_post_is_there(string name, string value)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 201 Created\r\n{name}: {value}\r\nContent-Length: {Sent.Length}\r\n\r\n{Sent}");
        });

        Assert.IsType<PublishResult.Published>(await Some.Channel("x", server.Url).PublishAsync(Some.Post));
    }

    internal static Uri ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
