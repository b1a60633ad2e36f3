using Burgernet.Syndicate.Routing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Routing;

public sealed class ChatIdTests
{
    [Theory]
    [InlineData("120363041234567890@g.us")]
    [InlineData("31612345678-1431204051@g.us")]
    [InlineData("31612345678@c.us")]
    [InlineData("120363049876543210@newsletter")]
    public void A_group_a_person_and_a_channel_are_chat_ids(string text) => Assert.True(ChatId.IsChatId(text));

    [Theory]
    [InlineData("")]
    [InlineData("@g.us")]
    [InlineData("120363041234567890")]
    [InlineData("120363041234567890@g.us ")]
    [InlineData("120363041234567890@g.us\n")]
    [InlineData("120363041234567890@G.US")]
    [InlineData("1-2-3@g.us")]
    [InlineData("31612345678-1431204051@c.us")]
    [InlineData("+31612345678@c.us")]
    [InlineData("120363041234567890@s.whatsapp.net")]
    [InlineData("../120363041234567890@g.us")]
    [InlineData("٣٤@g.us")]
    public void Anything_else_is_not(string text) => Assert.False(ChatId.IsChatId(text));
}
