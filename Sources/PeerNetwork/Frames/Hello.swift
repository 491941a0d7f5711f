package import Primitives

/// The first frame in each direction on a secured link; it makes sure that the two nodes belong to the same network.
///
/// Layout: kind `UInt8` (0xF0), protocol version `UInt16`, suite `UInt8`, genesis digest 32 bytes, instance `UInt64`,
/// number of doubled instances `UInt8`, these `UInt64` each. A later version may change only what follows the version.
package struct Hello: Hashable, Sendable {
  static let currentVersion: UInt16 = 3
  /// The greatest number of doubled instances.
  static let doubledLimit = 2
  /// The greatest number of bytes in a hello of any version.
  static let largestByteCount = 256

  var version = Hello.currentVersion
  var suite: UInt8
  var genesis: Digest
  /// A number that the sender's process chose at random when it began.
  var instance: UInt64
  /// Instances of the receiver that the sender has seen beside another one, the last one first.
  var doubled: [UInt64]

  /// - Parameter doubled: at most `doubledLimit`.
  package init(chain: ChainContext, instance: UInt64, doubled: [UInt64] = []) {
    precondition(doubled.count <= Hello.doubledLimit)
    suite = chain.suite.rawValue
    genesis = chain.genesis
    self.instance = instance
    self.doubled = doubled
  }

  /// The frame, beginning with its kind.
  package var bytes: [UInt8] {
    var writer = Writer(capacity: 64)
    writer.byte(FrameKind.hello)
    writer.integer(version)
    writer.byte(suite)
    writer.digest(genesis)
    writer.integer(instance)
    writer.byte(UInt8(doubled.count))
    for instance in doubled { writer.integer(instance) }
    return writer.bytes
  }

  /// Decodes a hello frame. Its version is checked first, because the rest depends on it.
  package init(_ frame: [UInt8]) throws(LinkFault) {
    var reader = Reader(frame.span.bytes)
    do throws(CodecError) {
      guard try reader.byte() == FrameKind.hello else { throw CodecError.invalid(field: "kind of the first frame") }
      version = try reader.integer()
    } catch { throw .malformedHello(error) }
    guard version == Hello.currentVersion else {
      throw .otherProtocol(version: version, own: Hello.currentVersion)
    }
    do throws(CodecError) {
      suite = try reader.byte()
      genesis = try reader.digest()
      instance = try reader.integer()
      let count = Int(try reader.byte())
      guard count <= Hello.doubledLimit else { throw CodecError.invalid(field: "number of doubled instances") }
      doubled = []
      for _ in 0..<count { doubled.append(try reader.integer()) }
      try reader.end()
    } catch { throw .malformedHello(error) }
  }

  /// Refuses a hello from another network.
  package func check(chain: ChainContext) throws(LinkFault) {
    guard genesis == chain.genesis else { throw .otherChain(genesis: genesis, own: chain.genesis) }
    guard suite == chain.suite.rawValue else { throw .otherSuite(code: suite, own: chain.suite) }
  }
}
