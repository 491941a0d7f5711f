package import Primitives

/// The first frame each way on a secured link: do the two nodes belong to the same network?
///
/// Layout: kind `UInt8` (0xF0), protocol version `UInt16`, suite `UInt8`, genesis digest 32 bytes, ID of the
/// sender `UInt16`, ID by which the sender knows the receiver `UInt16`. A later version may only change
/// what follows the version.
package struct Hello: Hashable, Sendable {
  static let currentVersion: UInt16 = 1
  /// The most bytes that a hello of any version may have.
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

  /// The frame, its kind first.
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

  /// Reads a hello frame. Its version is judged first, since it decides what follows.
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

  /// Refuses a hello from another network, or from a peer that numbers the validators differently.
  package func check(chain: ChainContext, own: PeerID, peer: PeerID) throws(LinkFault) {
    guard genesis == chain.genesis else { throw .otherChain(genesis: genesis, own: chain.genesis) }
    guard suite == chain.suite.rawValue else { throw .otherSuite(code: suite, own: chain.suite) }
    guard sender == peer else { throw .otherID(claimed: sender, expected: peer) }
    guard receiver == own else { throw .otherID(claimed: receiver, expected: own) }
  }
}
