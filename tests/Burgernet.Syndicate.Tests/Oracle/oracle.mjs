// Answers what twitter-text says of texts: a JSON string per line in, a JSON object per line out.
//   length, valid              by twitter-text 3.1.0, which knows the emoji of 2018
//   known                      the whole text is one emoji to it
//   today                      the length by the same code with a parser of emoji that knows those of Unicode 17
//   mentions, hashtags, cashtags, urls
// With the argument "emoji" it writes every emoji of Unicode 18 instead, in every spelling of emoji-test.txt.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

// Where the packages are installed; this file may stand elsewhere.
const require = createRequire(process.cwd() + '/');
if (process.argv[2] === 'emoji') {
  const list = require.resolve('emoji-test-regex-pattern/dist/emoji-18.0/index-strings.txt');
  process.stdout.write(readFileSync(list, 'utf8'));
} else {
  const twitter = require('twitter-text');
  const today = require('twitter-text-today');
  const emoji = require('twemoji-parser');
  for await (const line of createInterface({ input: process.stdin })) {
    const text = JSON.parse(line);
    const { weightedLength, valid } = twitter.parseTweet(text);
    console.log(JSON.stringify({
      length: weightedLength,
      valid,
      known: emoji.parse(text)[0]?.text === text,
      today: today.parseTweet(text).weightedLength,
      mentions: twitter.extractMentionsOrListsWithIndices(text).map(m => m.screenName),
      hashtags: twitter.extractHashtags(text).map(tag => tag.toWellFormed()),
      cashtags: twitter.extractCashtags(text),
      urls: twitter.extractUrls(text).map(url => url.toWellFormed()),
    }));
  }
}
