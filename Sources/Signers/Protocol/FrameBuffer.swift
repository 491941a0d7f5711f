internal import Primitives

/// Bytes that came from a socket, cut into frames. It holds one frame of the greatest length at most.
struct FrameBuffer {
  private var bytes: [UInt8] = []
  private let limit: Int

  /// - Parameter limit: the greatest length of a frame's content.
  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { bytes.isEmpty }
  /// How many bytes may be read before frames are taken.
  var room: Int { limit + 4 - bytes.count }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// Removes and returns the content of the first frame, nil if it is not complete.
  mutating func next() throws(CodecError) -> [UInt8]? {
    guard bytes.count >= 4 else { return nil }
    var reader = Reader(bytes.span.bytes)
    let length: UInt32 = try reader.integer()
    guard length <= limit else { throw .tooLong(field: "frame", value: UInt64(length), limit: UInt64(limit)) }
    guard bytes.count >= 4 + Int(length) else { return nil }
    let content = try reader.bytes(Int(length))
    bytes.removeFirst(4 + Int(length))
    return content
  }

  /// A frame with this content.
  static func frame(_ content: [UInt8]) -> [UInt8] {
    var writer = Writer(capacity: content.count + 4)
    writer.longBytes(content)
    return writer.bytes
  }
}
