package import Ledger
package import Primitives

/// What a client asks of a signer. Each is one frame: its length as `UInt32`, a kind byte, the fields.
package enum SignerRequest: Hashable, Sendable {
  case hello(SignerHello)
  /// Asks for the keys and for what was signed, when a node starts.
  case read
  /// Asks for the signature on a statement by one of the vote keys.
  case sign(Statement, key: PublicKey)
  case prove(PublicKey, validator: Name)
  case generate
  case complete(PublicKey)
  case succeed(by: PublicKey)
  /// Nothing at or below this round will be signed. Has no answer.
  case finalized(Round)
  /// Asks whether the signer can sign.
  case ready
  /// Asks for a member's signature on a transaction: its bytes before the signatures.
  case transaction([UInt8])

  private enum Kind: UInt8 {
    case hello = 1
    case read, sign, prove, generate, complete, succeed, finalized, ready, transaction
  }

  private var kind: Kind {
    switch self {
    case .hello: .hello
    case .read: .read
    case .sign: .sign
    case .prove: .prove
    case .generate: .generate
    case .complete: .complete
    case .succeed: .succeed
    case .finalized: .finalized
    case .ready: .ready
    case .transaction: .transaction
    }
  }

  /// The frame without its length.
  package var bytes: [UInt8] {
    var writer = Writer(capacity: 160)
    writer.byte(kind.rawValue)
    switch self {
    case .hello(let hello):
      writer.integer(hello.version)
      writer.byte(hello.role.rawValue)
      writer.byte(hello.suite.rawValue)
      writer.digest(hello.genesis)
      writer.shortText(hello.description)
    case .read, .generate, .ready: break
    case .sign(let statement, let key):
      writer.publicKey(key)
      statement.encode(into: &writer)
    case .prove(let key, let validator):
      writer.publicKey(key)
      writer.shortText("\(validator)")
    case .complete(let key), .succeed(let key): writer.publicKey(key)
    case .finalized(let round):
      writer.integer(round.epoch.rawValue)
      writer.integer(round.view.rawValue)
    case .transaction(let bytes): writer.longBytes(bytes)
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(CodecError) {
    self = try Reader.whole(bytes) { (reader) throws(CodecError) in try Self.decode(&reader) }
  }

  private static func decode(_ reader: inout Reader) throws(CodecError) -> SignerRequest {
    let raw = try reader.byte()
    guard let kind = Kind(rawValue: raw) else { throw .unknown(field: "request kind", value: UInt64(raw)) }
    switch kind {
    case .hello: return .hello(try hello(&reader))
    case .read: return .read
    case .sign:
      let key = try reader.publicKey()
      return .sign(try Statement(from: &reader), key: key)
    case .prove:
      let key = try reader.publicKey()
      let text = try reader.shortText("validator")
      guard let name = Name(text) else { throw .invalid(field: "validator") }
      return .prove(key, validator: name)
    case .generate: return .generate
    case .complete: return .complete(try reader.publicKey())
    case .succeed: return .succeed(by: try reader.publicKey())
    case .finalized: return .finalized(Round(epoch: Epoch(try reader.integer()), view: View(try reader.integer())))
    case .ready: return .ready
    case .transaction: return .transaction(try reader.longBytes(limit: Limits.transactionBytes, "transaction"))
    }
  }

  private static func hello(_ reader: inout Reader) throws(CodecError) -> SignerHello {
    let version: UInt16 = try reader.integer()
    let role = try reader.byte()
    guard let role = SignerRole(rawValue: role) else { throw .unknown(field: "role", value: UInt64(role)) }
    let rawSuite = try reader.byte()
    guard let suite = Suite(rawValue: rawSuite) else { throw .unknown(field: "suite", value: UInt64(rawSuite)) }
    let chain = ChainContext(suite: suite, genesis: try reader.digest())
    var hello = SignerHello(role, chain, description: try reader.shortText("description"))
    hello.version = version
    return hello
  }
}
