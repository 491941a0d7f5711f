internal import Primitives

/// Mutates inputs as libFuzzer does, but without regard to coverage and identically every time.
package struct Mutator {
  private var generator: SeededGenerator

  package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// One to four changes to one of `inputs`, at most `byteLimit` bytes long.
  package mutating func next(_ inputs: [[UInt8]], byteLimit: Int) -> [UInt8] {
    var bytes = inputs.randomElement(using: &generator) ?? []
    for _ in 0...random(4) { change(&bytes, inputs) }
    return Array(bytes.prefix(byteLimit))
  }

  private mutating func random(_ count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &generator) }

  private mutating func change(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
    let place = random(bytes.count)
    let count = min(1 + random(16), bytes.count - place)
    switch random(9) {
    case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(random(8))
    case 1 where !bytes.isEmpty: bytes[place] = UInt8(random(256))
    case 2 where !bytes.isEmpty: bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][random(6)]
    case 3: bytes.removeSubrange(place..<place + count)
    case 4: bytes.insert(contentsOf: (0...random(8)).map { _ in UInt8(random(256)) }, at: min(place, bytes.count))
    case 5: bytes.insert(contentsOf: bytes[place..<place + count], at: random(bytes.count))
    case 6:
      // A boundary value of any width.
      let width = [2, 4, 8][random(3)]
      guard bytes.count - place >= width else { return }
      let number: UInt64 = [0, 1, .max, .max - 1, 1 << 63, 1 << 31, UInt64(bytes.count)][random(7)]
      for index in 0..<width { bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
    case 7: bytes.removeLast(random(bytes.count + 1))
    default:
      // The head of one input and the tail of another.
      guard let other = others.randomElement(using: &generator) else { return }
      bytes = Array(bytes[..<place] + other[random(other.count + 1)...])
    }
  }
}
