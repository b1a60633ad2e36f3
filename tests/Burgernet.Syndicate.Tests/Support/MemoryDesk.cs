using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>A desk that forgets everything when the test is over.</summary>
sealed class MemoryDesk : ISubmissionDesk
{
    readonly Lock _gate = new();
    readonly HashSet<string> _ids = [];
    readonly List<(Submission Submission, IntakeOutcome Outcome, DateTimeOffset At)> _taken = [];
    readonly List<string> _failures = [];
    readonly List<string?> _moves = [];
    readonly List<(Func<MemoryDesk, bool> When, TaskCompletionSource Source)> _waiting = [];
    MailboxPosition? _position;
    DateTimeOffset? _since;

    /// <summary>Called before anything is stored, with the submission if there is one; what it throws keeps it out.</summary>
    public Action<Submission?>? BeforeCommit { get; set; }

    /// <summary>Called when a submission has been stored, before anybody hears of it; what it throws is a crash.</summary>
    public Action<Submission>? AfterCommit { get; set; }

    /// <summary>What it is told, oldest first, the known ones included.</summary>
    public IReadOnlyList<(Submission Submission, IntakeOutcome Outcome, DateTimeOffset At)> Taken => Locked(() => _taken.ToList());

    /// <summary>What was new.</summary>
    public IReadOnlyList<Submission> New => [.. Taken.Where(t => t.Outcome is IntakeOutcome.Accepted).Select(t => t.Submission)];

    public IReadOnlyList<string> Failures => Locked(() => _failures.ToList());

    /// <summary>What it was told of moving, oldest first.</summary>
    public IReadOnlyList<string?> Moves => Locked(() => _moves.ToList());

    public MailboxPosition? Position => Locked(() => _position);

    /// <summary>How often the mailbox was read well.</summary>
    public int Good { get; private set; }

    public string? Raw { get; private set; }

    public Task<MailboxPosition?> PositionAsync(string source) => Task.FromResult(Locked(() => _position is null ? null : _position with { Since = _since }));

    public Task<IntakeResult> TakeAsync(Submission? submission, string source, MailboxPosition? position, string? raw = null, CancellationToken cancellationToken = default)
    {
        var outcome = IntakeOutcome.Stored;
        BeforeCommit?.Invoke(submission);
        Change(() =>
        {
            _position = position ?? _position;
            if (submission is null)
                return;
            outcome = _ids.Add(submission.Id) ? IntakeOutcome.Accepted : IntakeOutcome.Known;
            _taken.Add((submission, outcome, DateTimeOffset.UtcNow));
            Raw = raw ?? Raw;
        });
        if (submission is not null)
            AfterCommit?.Invoke(submission);
        return Task.FromResult(new IntakeResult(outcome));
    }

    public Task NoteFailureAsync(string source, string reason)
    {
        Change(() => _failures.Add(reason));
        return Task.CompletedTask;
    }

    public Task NoteMovesAsync(string source, string? fault)
    {
        Change(() => _moves.Add(fault));
        return Task.CompletedTask;
    }

    public Task NoteGoodAsync(string source)
    {
        Change(() =>
        {
            Good++;
            _since ??= DateTimeOffset.UtcNow;
        });
        return Task.CompletedTask;
    }

    /// <summary>Waits until it is so.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public Task WhenAsync(Func<MemoryDesk, bool> when, TimeSpan? within = null)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Change(() => _waiting.Add((when, source)));
        return source.Task.WaitAsync(within ?? TimeSpan.FromMinutes(3));
    }

    void Change(Action change)
    {
        lock (_gate)
        {
            change();
            foreach (var (when, source) in _waiting.ToList())
            {
                if (when(this))
                    source.TrySetResult();
            }
        }
    }

    T Locked<T>(Func<T> read)
    {
        lock (_gate)
            return read();
    }
}
