package import Primitives

/// The first frame in each direction on a secured link; it makes sure that the two nodes belong to the same network.
///
/// Layout: kind `UInt8` (0xF0), protocol version `UInt16`, suite `UInt8`, genesis digest 32 bytes, id of the sender
/// `UInt16`, id by which the sender knows the receiver `UInt16`. A later version may change only what follows the
/// version.
package struct Hello: Hashable, Sendable {
  static let currentVersion: UInt16 = 1
  /// The greatest number of bytes in a hello of any version.
  static let largestByteCount = 256

  var version = Hello.currentVersion
  var suite: UInt8
  var genesis: Digest
  var sender: PeerID
  var receiver: PeerID

  package init(chain: ChainContext, sender: PeerID, receiver: PeerID) {
    suite = chain.suite.rawValue
    genesis = chain.genesis
    self.sender = sender
    self.receiver = receiver
  }

  /// The frame, beginning with its kind.
  package var bytes: [UInt8] {
    var writer = Writer(capacity: 40)
    writer.byte(FrameKind.hello)
    writer.integer(version)
    writer.byte(suite)
    writer.digest(genesis)
    writer.integer(sender.rawValue)
    writer.integer(receiver.rawValue)
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
      sender = PeerID(try reader.integer())
      receiver = PeerID(try reader.integer())
      try reader.end()
    } catch { throw .malformedHello(error) }
  }

  /// Refuses a hello from another network, or from a peer that numbers the peers differently.
  package func check(chain: ChainContext, own: PeerID, peer: PeerID) throws(LinkFault) {
    guard genesis == chain.genesis else { throw .otherChain(genesis: genesis, own: chain.genesis) }
    guard suite == chain.suite.rawValue else { throw .otherSuite(code: suite, own: chain.suite) }
    guard sender == peer else { throw .otherID(claimed: sender, expected: peer) }
    guard receiver == own else { throw .otherID(claimed: receiver, expected: own) }
  }
}
