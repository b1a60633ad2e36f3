using System.Text;
using Fluid;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// One rendering with what it may spend: every character that is written, named or made by a filter counts. It bounds
/// time and memory together, because nothing in a template takes long without making something.
/// </summary>
sealed class BoundedContext(TemplateOptions options) : TemplateContext(options)
{
    /// <summary>Longer than any post.</summary>
    public const int LongestValue = 100_000;

    // The longest post, made of pieces that are themselves made of pieces.
    const int Budget = 1_000_000;

    int _spent;

    /// <exception cref="TemplateLimitException">The template makes too much.</exception>
    public void Spend(int characters)
    {
        _spent += Math.Min(characters, Budget);
        if (characters > LongestValue || _spent > Budget)
            throw new TemplateLimitException("het sjabloon maakt te veel tekst");
    }
}

/// <summary>A template was stopped because it made too much.</summary>
sealed class TemplateLimitException(string message) : Exception(message);

/// <summary>Keeps what is written and tells its length as it grows.</summary>
sealed class BoundedWriter(BoundedContext context) : TextWriter
{
    readonly StringBuilder _text = new(128);

    public override Encoding Encoding => Encoding.Unicode;

    public override void Write(char value)
    {
        context.Spend(1);
        _text.Append(value);
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        context.Spend(buffer.Length);
        _text.Append(buffer);
    }

    // In memory there is nothing to wait for; the base class would start a task for each.
    public override Task WriteAsync(char value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(string? value)
    {
        Write(value.AsSpan());
        return Task.CompletedTask;
    }

    public override Task WriteAsync(char[] buffer, int index, int count)
    {
        Write(buffer.AsSpan(index, count));
        return Task.CompletedTask;
    }

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return Task.CompletedTask;
    }

    public override Task FlushAsync() => Task.CompletedTask;

    public override string ToString() => _text.ToString();
}
