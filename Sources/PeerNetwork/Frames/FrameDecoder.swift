internal import Primitives

/// Splits the byte stream of one link into frames. Pure: bytes in, frames or a fault out.
///
/// A length is checked against the limit of its kind before anything is allocated for it, so a link never holds more
/// than one frame of an allowed length.
package struct FrameDecoder {
  package var limits: FrameLimits {
    didSet { largest = limits.largest }
  }
  private var largest: Int
  /// The part of the length that has been read so far, little-endian.
  private var announced: UInt32 = 0
  private var announcedBytes = 0
  /// The bytes of the current frame; `expected` is 0 between frames.
  private var partial: [UInt8] = []
  private var expected = 0

  package init(limits: FrameLimits) {
    self.limits = limits
    largest = limits.largest
  }

  /// If the stream ends here: the bytes of the current frame that were read, and its length. Nil between frames.
  package var unfinished: (bytes: Int, expected: Int)? {
    if expected > 0 { return (partial.count, expected) }
    if announcedBytes == 0 { return nil }
    return (0, announcedBytes == FrameKind.lengthBytes ? Int(announced) : 1)
  }

  /// The next complete frame of `input` from `offset` on; `offset` moves past the bytes used. Nil when there is no
  /// further one.
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

  /// The checked length of the frame that begins here, once both its length and its kind have been read.
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
