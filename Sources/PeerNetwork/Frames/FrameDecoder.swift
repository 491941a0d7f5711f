internal import Primitives

/// Cuts the byte stream of one link into frames. Pure: bytes in, frames or a fault out.
///
/// A length is checked against its kind's limit before anything is allocated for it, so a link never holds
/// more than one frame of an allowed length.
package struct FrameDecoder {
  package var limits: FrameLimits {
    didSet { largest = limits.largest }
  }
  private var largest: Int
  /// The length as far as it was read, little-endian.
  private var announced: UInt32 = 0
  private var announcedBytes = 0
  /// The bytes of the frame begun; `expected` is 0 between frames.
  private var partial: [UInt8] = []
  private var expected = 0

  package init(limits: FrameLimits) {
    self.limits = limits
    largest = limits.largest
  }

  /// How much of a frame was read and how much it has, when the stream ends here: nil between frames.
  package var unfinished: (bytes: Int, expected: Int)? {
    if expected > 0 { return (partial.count, expected) }
    if announcedBytes == 0 { return nil }
    return (0, announcedBytes == FrameKind.lengthBytes ? Int(announced) : 1)
  }

  /// The next whole frame of `input` from `offset` on, which moves past the bytes used; nil when they end.
  package mutating func next(_ input: RawSpan, at offset: inout Int) throws(LinkFault) -> [UInt8]? {
    if expected == 0 {
      guard let length = try readLength(input, at: &offset) else { return nil }
      announced = 0
      announcedBytes = 0
      if input.byteCount - offset >= length {
        let frame = input.extracting(offset..<offset + length).withUnsafeBytes { Array($0) }
        offset += length
        return frame
      }
      expected = length
      partial.reserveCapacity(length)
    }
    let count = min(expected - partial.count, input.byteCount - offset)
    input.extracting(offset..<offset + count).withUnsafeBytes { partial.append(contentsOf: $0) }
    offset += count
    guard partial.count == expected else { return nil }
    let frame = partial
    partial = []
    expected = 0
    return frame
  }

  /// The checked length of the frame that begins here, once its length and its kind are both there.
  private mutating func readLength(_ input: RawSpan, at offset: inout Int) throws(LinkFault) -> Int? {
    while announcedBytes < FrameKind.lengthBytes {
      guard offset < input.byteCount else { return nil }
      announced |= UInt32(Self.byte(input, offset)) << UInt32(8 * announcedBytes)
      announcedBytes += 1
      offset += 1
    }
    let length = Int(announced)
    guard length > 0 else { throw .emptyFrame }
    guard length <= largest else { throw .frameTooLong(kind: nil, bytes: length, limit: largest) }
    guard offset < input.byteCount else { return nil }
    let kind = Self.byte(input, offset)
    let limit = limits[kind]
    guard limit > 0 else { throw .unknownFrameKind(kind) }
    guard length <= limit else { throw .frameTooLong(kind: kind, bytes: length, limit: limit) }
    return length
  }

  private static func byte(_ input: RawSpan, _ offset: Int) -> UInt8 {
    input.withUnsafeBytes { $0[offset] }
  }
}
