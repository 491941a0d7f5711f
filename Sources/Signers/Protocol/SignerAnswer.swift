package import Primitives
package import Replica

/// What a signer answers. Each is one frame: its length as `UInt32`, a kind byte, the fields.
package enum SignerAnswer: Equatable, Sendable {
  /// To a hello: the present key.
  case welcome(PublicKey)
  case keys(HeldKeys, said: [Statement])
  case signature(Signature)
  case key(PublicKey)
  case done
  /// The next key is in its place, but the old one could not be destroyed.
  case undestroyed(String)
  case refused(SignerRefusal)

  private enum Kind: UInt8 {
    case welcome = 1
    case keys, signature, key, done, undestroyed, refused
  }

  private var kind: Kind {
    switch self {
    case .welcome: .welcome
    case .keys: .keys
    case .signature: .signature
    case .key: .key
    case .done: .done
    case .undestroyed: .undestroyed
    case .refused: .refused
    }
  }

  /// The frame without its length.
  package var bytes: [UInt8] {
    var writer = Writer(capacity: 160)
    writer.byte(kind.rawValue)
    switch self {
    case .welcome(let key), .key(let key): writer.publicKey(key)
    case .keys(let held, let said):
      writer.publicKey(held.current)
      writer.byte(held.next == nil ? 0 : 1)
      if let next = held.next { writer.publicKey(next) }
      writer.count(said.count)
      for statement in said { statement.encode(into: &writer) }
    case .signature(let signature): writer.signature(signature)
    case .done: break
    case .undestroyed(let reason): writer.shortText(reason)
    case .refused(let refusal): refusal.encode(into: &writer)
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(CodecError) {
    self = try Reader.whole(bytes) { (reader) throws(CodecError) in try Self.decode(&reader) }
  }

  private static func decode(_ reader: inout Reader) throws(CodecError) -> SignerAnswer {
    let raw = try reader.byte()
    guard let kind = Kind(rawValue: raw) else { throw .unknown(field: "answer kind", value: UInt64(raw)) }
    switch kind {
    case .welcome: return .welcome(try reader.publicKey())
    case .keys: return try keys(&reader)
    case .signature: return .signature(try reader.signature())
    case .key: return .key(try reader.publicKey())
    case .done: return .done
    case .undestroyed: return .undestroyed(try reader.shortText("reason"))
    case .refused: return .refused(try SignerRefusal(from: &reader))
    }
  }

  private static func keys(_ reader: inout Reader) throws(CodecError) -> SignerAnswer {
    var held = HeldKeys(try reader.publicKey())
    switch try reader.byte() {
    case 0: break
    case 1: held.next = try reader.publicKey()
    case let other: throw .unknown(field: "next key", value: UInt64(other))
    }
    let count = try reader.count(limit: SignerLimits.saidStatements, "statements")
    var said: [Statement] = []
    for _ in 0..<count { said.append(try Statement(from: &reader)) }
    return .keys(held, said: said)
  }
}
