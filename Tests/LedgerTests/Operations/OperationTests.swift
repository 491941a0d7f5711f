import Primitives
import TestHarness
import Testing

@testable import Ledger

@Testing.Suite("Operations")
struct OperationTests {
  static func key(_ number: UInt64) -> PublicKey { PublicKey(prefix: 2, body: Digest(0, 0, 0, number)) }

  static func decode(_ bytes: [UInt8]) throws(CodecError) -> Operation {
    try Reader.whole(bytes) { (reader) throws(CodecError) in try Operation(from: &reader) }
  }

  static func encode(_ operation: Operation) -> [UInt8] {
    var writer = Writer()
    operation.encode(into: &writer)
    return writer.bytes
  }

  @Test("Every kind is read back unchanged, and so are its bytes")
  func roundTrip() throws {
    let samples =
      try Samples.operations() + Samples.holdOperations() + Samples.termsOperations()
      + Samples.validatorOperations()
    #expect(Set(samples.map(\.kind)) == Set(OperationKind.allCases))
    for operation in samples {
      let bytes = Self.encode(operation)
      #expect(bytes.first == operation.kind.rawValue)
      let read = try Self.decode(bytes)
      #expect(read == operation)
      #expect(Self.encode(read) == bytes)
    }
  }

  @Test("E4: cut, lengthened or changed bytes are refused or are another operation's one encoding")
  func mutations() throws {
    for operation in try Samples.operations() + Samples.holdOperations() + Samples.termsOperations()
      + Samples.validatorOperations()
    {
      let bytes = Self.encode(operation)
      for length in 0..<bytes.count {
        #expect(throws: CodecError.self) { try Self.decode(Array(bytes.prefix(length))) }
      }
      #expect(throws: CodecError.trailingBytes(offset: bytes.count, count: 1)) { try Self.decode(bytes + [0]) }
      for position in bytes.indices {
        for flip in [1, 2, 4, 8, 16, 32, 64, 128, 255] as [UInt8] {
          var changed = bytes
          changed[position] ^= flip
          guard let other = try? Self.decode(changed) else { continue }
          #expect(other != operation)
          #expect(Self.encode(other) == changed)
        }
      }
    }
  }

  @Test("E4: an unknown kind is refused")
  func unknownKind() {
    #expect(throws: CodecError.unknown(field: "operation kind", value: 0x28)) { try Self.decode([0x28, 1, 97]) }
  }

  @Test("A zero amount, and a transfer to the paying account, are malformed")
  func transfers() throws {
    let asset = try #require(Name("eur"))
    let a = try #require(AccountName("a"))
    let b = try #require(AccountName("b"))
    #expect(throws: CodecError.invalid(field: "amount (must not be zero)")) {
      try Self.decode(Self.encode(.assetTransfer(asset: asset, from: a, to: b, amount: .zero)))
    }
    #expect(throws: CodecError.invalid(field: "to (must differ from the paying account)")) {
      try Self.decode(Self.encode(.assetTransfer(asset: asset, from: a, to: a, amount: Amount(1))))
    }
    #expect(throws: CodecError.tooLong(field: "memo", value: 65, limit: 64)) {
      let memo = [UInt8](repeating: 0, count: 65)
      return try Self.decode(Self.encode(.assetTransfer(asset: asset, from: a, to: b, amount: Amount(1), memo: memo)))
    }
  }

  @Test("E4: keys that repeat or are out of order, and thresholds out of reach, are refused")
  func authorities() throws {
    let name = try #require(Name("a"))
    func update(_ keys: [PublicKey], _ threshold: UInt8) throws -> Operation {
      var authority = MemberAuthority(roles: .participant, keys: [], threshold: threshold)
      authority.keys = keys
      return try Self.decode(Self.encode(.memberUpdate(name: name, authority: authority)))
    }
    #expect(throws: Never.self) { try update([Self.key(1), Self.key(2)], 2) }
    #expect(throws: CodecError.notCanonical(field: "keys (strictly ascending)")) {
      try update([Self.key(1), Self.key(1)], 1)
    }
    #expect(throws: CodecError.notCanonical(field: "keys (strictly ascending)")) {
      try update([Self.key(2), Self.key(1)], 1)
    }
    for (count, threshold) in [(0, 0), (0, 1), (1, 0), (1, 2)] as [(UInt64, UInt8)] {
      #expect(throws: CodecError.invalid(field: "threshold (from 1 to the number of keys)")) {
        try update((0..<count).map(Self.key), threshold)
      }
    }
    #expect(throws: CodecError.tooLong(field: "keys", value: 17, limit: 16)) {
      try update((0..<17).map(Self.key), 1)
    }
  }

  @Test("E4: pins and addresses that repeat, are out of order, too many or malformed, are refused")
  func directory() throws {
    let name = try #require(Name("a"))
    func set(_ pins: [UInt64], _ addresses: [String]) throws -> Operation {
      var node = DirectoryEntry(name: name, member: name, pins: [], addresses: addresses)
      node.pins = pins.map { Digest($0, 0, 0, 0) }
      return try Self.decode(Self.encode(.directorySet(DirectorySet(node: node))))
    }
    for count in 1...Limits.nodeAddresses {
      #expect(throws: Never.self) { try set([1, 2], (1...count).map { "h:\($0)" }) }
    }
    for pins in [[], [2, 1], [1, 1], [1, 2, 3]] as [[UInt64]] {
      #expect(throws: CodecError.self, "\(pins)") { try set(pins, ["h:1"]) }
    }
    let long = String(repeating: "h", count: Limits.addressBytes - 2)
    #expect(throws: Never.self) { try set([1], [long + ":1"]) }
    for addresses in [
      [], ["h:1", "h:2", "h:1"], (1...5).map { "h:\($0)" }, ["h"], [":1"], ["h:0"], ["h:01"], ["h:65536"], ["h x:1"],
      [long + ":12"],
    ] as [[String]] {
      #expect(throws: CodecError.self, "\(addresses)") { try set([1], addresses) }
      #expect(addresses.count != 1 || !DirectoryEntry.isAddress(addresses[0]))
    }
    #expect(DirectoryEntry.isAddress(long + ":1") && DirectoryEntry.isAddress("[::1]:65535"))
  }

  @Test("E4: text with bad UTF-8 or control characters is refused", arguments: [[0xC0, 0x80], [0xFF], [0x0A], [0x7F]])
  func text(bad: [UInt8]) {
    let bytes = [OperationKind.memberSuspend.rawValue, 1, 97, UInt8(bad.count), 0] + bad
    #expect(throws: CodecError.notCanonical(field: "reason")) { try Self.decode(bytes) }
  }

  @Test("E1, E4: text too long for its length field is refused, not cut so that its rest reads as other fields")
  func overlongText() throws {
    let name = Samples.name("a")
    // 65,536 + 3 bytes: truncated to 16 bits, the length would be 3.
    let text = String(repeating: "x", count: 65_539)
    #expect(throws: CodecError.tooLong(field: "reason", value: 65_535, limit: 256)) {
      try Self.decode(Self.encode(.memberSuspend(name: name, reason: text)))
    }
    #expect(throws: CodecError.tooLong(field: "keys", value: 255, limit: 16)) {
      let keys = (0..<258).map { Self.key($0) }
      let authority = MemberAuthority(roles: [], keys: keys, threshold: 1)
      return try Self.decode(Self.encode(.memberUpdate(name: name, authority: authority)))
    }
  }

  @Test("Every kind has its own stable name")
  func names() {
    for kind in OperationKind.allCases { #expect(OperationKind(name: kind.name) == kind) }
    #expect(OperationKind(name: "member.remove") == nil)
    for (role, name) in zip([Roles.administrator, .issuer, .notary, .participant], Roles(rawValue: 15).names) {
      #expect(Roles(name: name) == role)
    }
  }
}
