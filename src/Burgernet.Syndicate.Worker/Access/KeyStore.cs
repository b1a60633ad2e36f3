using System.Xml.Linq;
using Burgernet.Syndicate.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Burgernet.Syndicate.Worker.Access;

/// <summary>
/// Keeps the keys that sessions and forms are sealed with in the database, so that a restart logs nobody out and several
/// workers know each other's. Whoever can read the database can do worse than log in.
/// </summary>
sealed class KeyStore(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. database.ReadAsync(session => session.QueryAsync<string>("select xml from protection_key order by id")).GetAwaiter().GetResult().Select(xml => XElement.Parse(xml))];

    public void StoreElement(XElement element, string friendlyName) =>
        database.WriteAsync(session => session.ExecuteAsync("insert into protection_key (id, xml) values (@id, @xml)", new
        {
            id = Guid.CreateVersion7().ToString("N"), xml = element.ToString(SaveOptions.DisableFormatting),
        })).GetAwaiter().GetResult();
}
