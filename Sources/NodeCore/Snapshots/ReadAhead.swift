/// How far the chunks of a snapshot are decoded ahead of the loader, which takes them in order: so many that all threads
/// have work, and not more bytes than memory allows. Clients can make several chunks that follow one another large.
package struct ReadAhead: Sendable {
  private static let chunks = 64
  private static let bytes = 64 << 20

  private let sizes: [Int]
  /// The chunk that the loader takes next, and the first that was not given out.
  private var next = 0
  private var given = 0
  private var held = 0

  /// - Parameter sizes: the bytes of the chunks.
  package init(_ sizes: [Int]) { self.sizes = sizes }

  /// The chunks to decode now, each of them once.
  package mutating func give() -> Range<Int> {
    let first = given
    while given < sizes.count,
      given == next || (given - next < Self.chunks && held + sizes[given] <= Self.bytes)
    {
      held += sizes[given]
      given += 1
    }
    return first..<given
  }

  /// The index of the chunk that the loader takes now; nil after the last.
  package mutating func take() -> Int? {
    guard next < given else { return nil }
    held -= sizes[next]
    defer { next += 1 }
    return next
  }
}
