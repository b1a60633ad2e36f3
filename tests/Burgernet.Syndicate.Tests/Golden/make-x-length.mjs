// Writes x-length.jsonl: texts of our own, with the length and the verdict that twitter-text 3.1.0 gives them.
// In an empty folder: npm install twitter-text@3.1.0, copy this file there, node make-x-length.mjs > x-length.jsonl
import twitter from 'twitter-text';

const police = [
  'Vermist: meisje van 9 jaar. Zij is rond 15.30 uur voor het laatst gezien bij de speeltuin. Bel direct 112.',
  'Gezocht: man van 81 jaar met dementie, 1.78 m, beige jas. Blijf bij hem en bel 112.',
  'OVERVAL TANKSTATION. 1 NN MAN, CA 25 JR, LG 1.80M, ZW JAS, MES. TE VT RICHTING CENTRUM. NIET BENADEREN. BEL 112',
  'Uitkijken naar een zilvergrijze auto met kenteken xx-yy-99, richting A27.',
  'Tips: 112, 0800-0011 of anoniem 0800-7000. Geen spoed? 0900-8844.',
  'De actie is beëindigd. Bedankt voor het meezoeken!',
  'Eén verdachte is aangehouden; naïef, coöperatie, reünie, Curaçao, geüniformeerd.',
  'Twee “inbrekers” in blauwe overall – let op ’s avonds – of ‘s nachts.',
  '• rode jas\n• witte gympen\n• roze step',
  'Beloning: € 5.000,- of €5000',
  'Laatst gezien… daarna niet meer…',
  'Ga niet zelf achter hen aan—bel 112.',
];
const links = [
  'politie.nl', 'www.politie.nl', 'https://politie.nl', 'http://www.politie.nl/', 'HTTPS://WWW.POLITIE.NL/NIEUWS',
  'https://www.politie.nl/gezocht-en-vermist/voorbeeld?id=12345&utm_source=burgernet', 'politie.nl/gezocht?id=1', 'politie.nl?id=1',
  'https://www.politie.nl/nieuws/2026/november/24/00-lange-naam-van-een-bericht-over-een-vermissing-in-amersfoort.html',
  'https://politie.nl:443/pad', 'politie.nl:80', 'politie.nl:80/pad', 'https://politie.nl/a_(b)', 'https://politie.nl/a_(b(c))d', 'https://politie.nl/(a)(b).',
  'https://t.co/abc123', 'https://t.co/abc123/meer', 't.co/abc', 'https://t.co/' + 'a'.repeat(41), 'https://politie.nl/#tips', 'https://politie.nl/x?y=1#z',
  'burgernet.nl/meedoen', 'mijn.burgernet.nl', 'mijn_buurt.burgernet.nl', 'mijn.burger_net.nl', 'https://mijn.burger_net.nl', 'xn--80ak6aa92e.com', 'https://xn--bcher-kva.de',
  'bücher.de', 'https://bücher.de/één', 'https://пример.рф', 'пример.рф', 'https://例え.中国', '例え.中国', '例えpolitie.nl', 'www.例え.nl', 'https://twitter.भारतम्/a',
  'info@politie.nl', '@politie.nl', '#politie.nl', '$politie.nl', '-politie.nl', '/politie.nl', '_politie.nl', '.politie.nl', 'politie.nl@x', 'politie.nl-x', 'politie.nlx', 'politie.nlé',
  'politie.onbekend', 'https://politie.onbekend', 'ftp://politie.nl', 'https:/politie.nl', 'https://', 'https://.nl', 'politie..nl', 'politie.nl..', 'a.b.c.d.nl',
  'x'.repeat(63) + '.nl', 'x'.repeat(64) + '.nl', 'é'.repeat(60) + '.nl', 'https://' + 'é'.repeat(60) + '.nl', 'https://politie.nl/' + 'a'.repeat(300), 'https://politie.nl/' + 'a'.repeat(4100),
];
const slips = [
  'Gezien in de Dorpsstraat.Op de hoek een auto.', 'Zij ging naar huis.In de tuin lag een tas.', 'rode jas.De man rende weg', 'om 20.15.Is gevlucht', 'o.a.de jas', 'tel.nr 112',
  'Hij liep weg.En kwam niet terug.', 'bel 112.Niet zelf', 'wit.shirt', 'Golf.Auto reed door', 'Bel.nu', 'weg.Men zag', 'e.d.', 'N.V.', 'i.v.m.', 'd.w.z.', 't.a.v.', 'St.Jan', 'J.de Vries',
];
const emoji = [
  '😀', '🚨', '🚓', '⚠️', '⚠', '☎️', '☎', '☎\uFE0E', '📞', '👮', '👮‍♀️', '👮🏽‍♂️', '🕵️', '🕵️‍♀️', '🕵🏽‍♂️', '👨‍👩‍👧', '👨‍👩‍👧‍👦', '👩‍❤️‍💋‍👨', '👩‍🚒', '🏃', '🏃🏻', '🏃‍♂️', '🏃🏿‍♀️',
  '🏳️‍🌈', '🏴‍☠️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇳🇱', '🇳🇱🇧🇪', '🇳', '🇽🇳🇱', '1️⃣', '#️⃣', '*⃣', '12️⃣', '©', '©️', '®️', '™', '™️', '👍', '👍🏼', '👍️', '🚒🏻', '❤️', '❤', '👁‍🗨', '♟️', '♀️', 'a\uFE0F', 'a🏻', '\u200D', 'a\u200Db', '😀😀😀',
];
const letters = [
  '日本語', '한국어', '中国', 'Ж', 'Αθήνα', 'שלום', 'مرحبا', 'ไทย', 'e\u0301', 'o\u0308', 'q\u0323\u0307', 'a' + '\u0301'.repeat(5), '\u1100\u1161\u11A8', 'ﬁ', 'ẞ', 'ſ', '𝐚', '𠀀', '\u10FF', '\u1100', '\u2000', '\u200D', '\u200E', '\u200F',
  '\u2010', '\u2012', '\u2013', '\u2014', '\u2018', '\u2019', '\u201C', '\u201D', '\u201E', '\u201F', '\u2020', '\u2022', '\u2026', '\u2032', '\u2033', '\u2037', '\u2038', '\u20AC', '\u00A0', '\u00AD', '\u2028', '\u202A', '\u3000', '\uFFFD',
];
const odd = ['', ' ', '\n', '\t', '\uFFFE', 'x\uFEFF', '\uFFFFx', 'a\r\nb', 'a'.repeat(280), 'a'.repeat(281), '€'.repeat(140), '€'.repeat(141), '😀'.repeat(140), '👨‍👩‍👧‍👦'.repeat(140), '👨‍👩‍👧‍👦'.repeat(141), 'e\u0301'.repeat(280),
  'a'.repeat(256) + ' politie.nl', 'a'.repeat(257) + ' politie.nl', 'a'.repeat(257) + ' https://politie.nl/een/heel/lang/pad'];

const texts = new Set([...police, ...links, ...slips, ...emoji, ...letters, ...odd]);
for (const link of links.slice(0, 20)) {
  texts.add(`Meer informatie: ${link}. Bel 112.`);
  texts.add(`(zie ${link})`);
  texts.add(`"${link}", ${link}`);
}
for (const sign of emoji) texts.add(`${sign} Vermist: jongen, 6 jaar ${sign}${sign} politie.nl`);
for (const slip of slips) texts.add(`${slip} ${links[5]}`);
for (const text of police) texts.add(`${text}\n\n${police[0]} ${text} 🚨 https://burgernet.nl`);

for (const text of texts) {
  const { weightedLength, valid } = twitter.parseTweet(text);
  console.log(JSON.stringify({ text, length: weightedLength, valid }));
}
