// A guest in AssemblyScript, with its allocator, garbage collector, classes, maps and sorting.

@external("weft", "input_len") declare function input_len(): i32;
@external("weft", "input_word") declare function input_word(i: i32): i64;
@external("weft", "output_word") declare function output_word(word: i64): void;

abstract class Shape {
  abstract area(): i64;
}

class Square extends Shape {
  constructor(private side: i64) {
    super();
  }
  area(): i64 {
    return this.side * this.side;
  }
}

class Rectangle extends Shape {
  constructor(private width: i64, private height: i64) {
    super();
  }
  area(): i64 {
    return this.width * this.height;
  }
}

export function run(): void {
  const words = new Array<i64>();
  for (let i = 0; i < input_len() / 8; i++) words.push(input_word(i));

  words.sort((a, b) => i32(a > b) - i32(a < b));
  for (let i = 0; i < words.length; i++) output_word(words[i]);

  const counts = new Map<i64, i32>();
  for (let i = 0; i < words.length; i++) {
    const key = words[i] % 7;
    counts.set(key, (counts.has(key) ? counts.get(key) : 0) + 1);
  }
  for (let key: i64 = -6; key < 7; key++) output_word(counts.has(key) ? counts.get(key) : 0);

  const shapes = new Array<Shape>();
  for (let i = 0; i < words.length; i++) {
    if (words[i] & 1) shapes.push(new Square(words[i]));
    else shapes.push(new Rectangle(words[i], i));
  }
  let total: i64 = 0;
  for (let i = 0; i < shapes.length; i++) total += shapes[i].area();
  output_word(total);

  let text = "";
  for (let i = 0; i < words.length; i++) text += words[i].toString() + ";";
  output_word(text.length);
  for (let i = 0; i < text.length; i++) output_word(text.charCodeAt(i));
}
