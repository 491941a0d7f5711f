/// Derives choices from an input's bytes. After the end, every byte reads as zero, so that every input is complete.
struct FuzzInput {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }

  mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    position += 1
    return bytes[position - 1]
  }

  mutating func bool() -> Bool { byte() & 1 == 1 }

  /// Two bytes, little-endian.
  mutating func word() -> Int { Int(byte()) | Int(byte()) << 8 }

  mutating func long() -> UInt64 { (0..<8).reduce(0) { value, place in value | UInt64(byte()) << UInt64(8 * place) } }

  /// A number below `count`, which must not be 0.
  mutating func index(_ count: Int) -> Int { count <= 256 ? Int(byte()) % count : word() % count }

  /// The next bytes: at most `count`, fewer at the end of the input.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = Array(bytes[min(position, bytes.count)..<min(position + count, bytes.count)])
    position += taken.count
    return taken
  }

  mutating func rest() -> [UInt8] { bytes(bytes.count) }
}
