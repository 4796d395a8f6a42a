// Finds names by parts of them, as people type them: Hangul by its letters, so that a syllable that is not complete yet
// fits, and so do initial consonants alone; without regard to case, width and accents.

const SEPARATOR = /[\s\p{Pd}_./#·]/u;
const SYLLABLE = /[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u; // each is a beginning by itself
const MARK = /\p{Mn}/u;

const FIRST_FINAL = 0x11A8;
// What a final consonant is made of, in the order of Unicode: 한 is on its way to 하나.
const FINALS = "ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ"
  .normalize("NFKD").split(" ");
// 고 is on its way to 과.
const VOWELS = new Map("ㅘㅗㅏ ㅙㅗㅐ ㅚㅗㅣ ㅝㅜㅓ ㅞㅜㅔ ㅟㅜㅣ ㅢㅡㅣ".normalize("NFKD").split(" ").map(([whole, ...parts]) => [whole, parts.join("")]));

const EXACT = 100;
const FROM_THE_START = 80;
const FROM_A_BEGINNING = 60;
const BEGINNINGS = 50;
const INSIDE = 40;
const SCATTERED = 20;

/** A text as it is compared: its letters, and at which of them a word or a syllable begins. */
export function fold(text) {
  const letters = [];
  const begins = [];
  let isBeginning = true;
  for (const character of text.normalize("NFKC").toLowerCase()) {
    if (SEPARATOR.test(character)) isBeginning = true;
    else {
      lettersOf(character).forEach((letter, index) => {
        letters.push(letter);
        begins.push(index === 0 && (isBeginning || SYLLABLE.test(character)));
      });
      isBeginning = false;
    }
  }
  return { letters, begins };
}

/** In which way `query` fits the folded name: the higher, the better; null when it does not. Each word of it must. */
export function score(query, folded) {
  const words = query.split(SEPARATOR).map((word) => fold(word).letters).filter((word) => word.length > 0);
  const scores = words.map((word) => scoreWord(word, folded));
  if (words.length === 0 || scores.includes(null)) return null;
  return Math.min(...scores);
}

function lettersOf(character) {
  return [...character.normalize("NFKD")].filter((letter) => !MARK.test(letter)).flatMap((letter) => {
    const final = FINALS[letter.codePointAt(0) - FIRST_FINAL];
    return [...(final ?? VOWELS.get(letter) ?? letter)];
  });
}

function scoreWord(word, { letters, begins }) {
  const places = placesOf(word, letters);
  if (places.includes(0)) return word.length === letters.length ? EXACT : FROM_THE_START;
  if (places.some((place) => begins[place])) return FROM_A_BEGINNING;
  if (stands(word, letters.filter((_, place) => begins[place]))) return BEGINNINGS;
  if (places.length > 0) return INSIDE;
  return startsScattered(word, letters, begins) ? SCATTERED : null;
}

/** Where the whole word stands in the letters. */
function placesOf(word, letters) {
  const last = letters.length - word.length;
  return [...letters.keys()].filter((place) => place <= last && word.every((letter, index) => letters[place + index] === letter));
}

/** Whether its letters stand there in this order, with others in between. */
function stands(word, letters) {
  let found = 0;
  for (const letter of letters) if (letter === word[found]) found += 1;
  return found === word.length;
}

/** The same from a beginning on: else two letters would be in almost every name. */
function startsScattered(word, letters, begins) {
  return letters.some((letter, place) => begins[place] && letter === word[0] && stands(word, letters.slice(place)));
}
