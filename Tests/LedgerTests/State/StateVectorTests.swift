import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// The bytes of state entries on which other programs rely, written out. A change here is a change of the format.
@Testing.Suite("Vectors of the state")
struct StateVectorTests {
  struct Vector: Sendable {
    var entry: StateEntry
    var key: String
    var value: String
    var leafKey: String
  }

  private static func hold(arbiter: Name?) -> Hold {
    Hold(
      from: TestChain.account("shop/till"), reference: TestChain.reference("r é"), to: TestChain.account("bank-a/x"),
      asset: TestChain.name("eur"), amount: Amount(1 << 64 + 77), expires: Timestamp(0x0102_0304), arbiter: arbiter,
      placed: HoldNumber(height: Height(258), operation: 0x0A0B))
  }

  static let vectors: [Vector] = {
    let notary = TestChain.name("notary")
    let record = RecordVersion(
      collection: TestChain.collection("c/d"), key: "k\u{E9}", version: 3, author: notary, content: Digest(1, 2, 3, 4),
      metadata: [9, 8], time: Timestamp(0x0102_0304), previous: Digest(5, 6, 7, 8))
    let authority = MemberAuthority(roles: [.issuer, .notary], keys: [Samples.key(2), Samples.key(1)], threshold: 2)
    let eur = TestChain.name("eur")
    return [
      Vector(
        entry: .parameters(
          ChainParameters(
            administratorThreshold: 258, blockBytes: 0x0020_0000, blockOperations: 10_001, validityMilliseconds: 60_001)
        ),
        key: "01", value: "0201000020001127000061ea0000",
        leafKey: "97b6d8cde0cabd1752880908b2274edf741ba846b2386f8fa89d0b14c3c64ed0"),
      Vector(
        entry: .member(Member(name: notary, description: "N", authority: authority, suspension: nil)),
        key: "02066e6f74617279",
        value: "01004e0602020200000000000000010000000000000002000000000000000300000000000000040200000000"
          + "0000000200000000000000030000000000000004000000000000000500",
        leafKey: "a86b008931d848160fb9be7bfa42ba91d9b5d93d9e6f3575a0e6845ce4182e37"),
      Vector(
        entry: .member(Member(name: notary, description: "", authority: authority, suspension: "why")),
        key: "02066e6f74617279",
        value: "0000060202020000000000000001000000000000000200000000000000030000000000000004020000000000"
          + "000002000000000000000300000000000000040000000000000005010300776879",
        leafKey: "a86b008931d848160fb9be7bfa42ba91d9b5d93d9e6f3575a0e6845ce4182e37"),
      Vector(
        entry: .account(Account(name: TestChain.account("shop/till"), description: "T", isFrozen: true)),
        key: "030973686f702f74696c6c",
        value: "01010054", leafKey: "4a2dd4f78edcdfd34228708e22d7abb637edb1d34d868aa988aae72a496ecbf4"),
      Vector(
        entry: .asset(Asset(name: eur, issuer: notary, decimals: 2, description: "E", supply: Amount(77))),
        key: "0403657572",
        value: "066e6f74617279024d000000000000000000000000000000010045",
        leafKey: "7ef6fecdc147608fedab31999318b4db4003650bbabbe2387aab35d244e48d3d"),
      Vector(
        entry: .balance(TestChain.account("shop"), asset: eur, amount: Amount(1 << 64)), key: "050473686f7003657572",
        value: "00000000000000000100000000000000",
        leafKey: "34bae25fa2144332726d5986e04231009e0ad060d8fc3451b0c8b62a41cac16c"),
      Vector(
        entry: .collection(TestChain.collection("c/d"), owner: notary), key: "0603632f64", value: "066e6f74617279",
        leafKey: "49437b6a0a3f6f76908ce1b772039e7d7c07d38470688084365576143ecc226c"),
      Vector(
        entry: .record(record), key: "0703632f6403006bc3a9",
        value: "0300000000000000066e6f746172790000000000000001000000000000000200000000000000030000000000"
          + "0000040403020100000000020009080000000000000005000000000000000600000000000000070000000000000008",
        leafKey: "013302599c4f699621a0d24dc9c32fb36b16951709e39881addeea91fb94afed"),
      Vector(
        entry: .remembered(
          RememberedGroup(
            height: Height(258), number: 3,
            identities: [
              RememberedIdentity(id: Digest(5, 6, 7, 8), validUntil: Timestamp(1)),
              RememberedIdentity(id: Digest(1, 2, 3, 4), validUntil: Timestamp(258)),
            ])),
        key: "0a02010000000000000300",
        value: "0200000000000000050000000000000006000000000000000700000000000000080100000000000000"
          + "00000000000000010000000000000002000000000000000300000000000000040201000000000000",
        leafKey: "adc5a6387e9b76b13ef3cd78820d2f45763c7447633eb7e3202dd498b4906a63"),
      Vector(
        entry: .configuration(
          ChainConfiguration(
            rulesVersion: 258, leaderTimeoutMilliseconds: 1000,
            validators: [ConfiguredValidator(name: eur, member: notary, voteKey: Samples.key(1))])),
        key: "0b",
        value: "0201e80300000100000003657572066e6f7461727902000000000000000100000000000000020000000000000003"
          + "0000000000000004",
        leafKey: "b2f588162266e905ed95e8d11819d8d41f0de9f15a484f1b3fefab49a7e37e2d"),
      Vector(
        entry: .node(
          DirectoryEntry(
            name: eur, member: notary, pins: [Digest(1, 2, 3, 5), Digest(1, 2, 3, 4)], addresses: ["[::1]:7001"])),
        key: "0c03657572",
        value: "066e6f7461727902" + "0000000000000001000000000000000200000000000000030000000000000004"
          + "0000000000000001000000000000000200000000000000030000000000000005" + "010a005b3a3a315d3a37303031",
        leafKey: "1cce0d7bed278fede13a44f6be29679b7c1349c236024acae4ee0ed308b079b7"),
      Vector(
        entry: .keyChange(eur, time: Timestamp(258)), key: "0d03657572", value: "0201000000000000",
        leafKey: "da044e598e09c186a13ce55d5aeac186f5e765b248a300beb6e44cd54973ca32"),
      Vector(
        entry: .hold(hold(arbiter: notary)), key: "0e0973686f702f74696c6c04007220c3a9",
        value: "0862616e6b2d612f78" + "03657572" + "4d000000000000000100000000000000" + "0403020100000000"
          + "01066e6f74617279" + "02010000000000000b0a0000",
        leafKey: "1c67dc2a678c6d0fbbc7bda2fcda393e589b457754253ea9b03315ec2d6224ff"),
      Vector(
        entry: .hold(hold(arbiter: nil)), key: "0e0973686f702f74696c6c04007220c3a9",
        value: "0862616e6b2d612f78" + "03657572" + "4d000000000000000100000000000000" + "0403020100000000"
          + "00" + "02010000000000000b0a0000",
        leafKey: "1c67dc2a678c6d0fbbc7bda2fcda393e589b457754253ea9b03315ec2d6224ff"),
      Vector(
        entry: .assetTerms(eur, AssetTerms(cap: Amount(77), isFrozen: true)), key: "0f03657572",
        value: "01" + "4d000000000000000000000000000000" + "01",
        leafKey: "5360480ea80abe198e48bc6df2a414698192887ba5456173b941148187016f07"),
      Vector(
        entry: .assetTerms(eur, AssetTerms(isFrozen: true)), key: "0f03657572", value: "0001",
        leafKey: "5360480ea80abe198e48bc6df2a414698192887ba5456173b941148187016f07"),
    ]
  }()

  @Test("Keys, values and leaf keys have these bytes, and are read back from them")
  func vectors() throws {
    var hash = HashFunction(.p256SHA256)
    for vector in Self.vectors {
      var key = Writer()
      vector.entry.key.encode(into: &key)
      var value = Writer()
      vector.entry.encodeValue(into: &value)
      #expect(Hex.encode(key.bytes) == vector.key)
      #expect(Hex.encode(value.bytes) == vector.value)
      #expect(vector.entry.key.digest(hash: &hash).description == vector.leafKey)
      let decodedKey = try Reader.whole(key.bytes) { (reader) throws(CodecError) in try StateKey(from: &reader) }
      let decoded = try Reader.whole(value.bytes) { (reader) throws(CodecError) in
        try StateEntry(key: decodedKey, from: &reader)
      }
      #expect(decoded == vector.entry)
    }
  }

  @Test("Values that cannot be in the state are not decoded")
  func refused() {
    func decode(_ key: StateKey, _ value: [UInt8]) throws(CodecError) -> StateEntry {
      try Reader.whole(value) { (reader) throws(CodecError) in try StateEntry(key: key, from: &reader) }
    }
    let eur = TestChain.name("eur")
    #expect(throws: CodecError.self) { try decode(.parameters, [0, 0]) }
    #expect(throws: CodecError.self) {
      try decode(.balance(TestChain.account("shop"), asset: eur), [UInt8](repeating: 0, count: 16))
    }
    #expect(throws: CodecError.self) { try decode(.account(TestChain.account("shop")), [2, 0, 0]) }
    #expect(throws: CodecError.self) { try decode(.account(TestChain.account("shop")), [1, 1, 0, 7]) }
    refuseRecords()
    refuseEpochs()
    refuseHolds()
    for kind in [0x00, 0x08, 0x09, 0x10] as [UInt8] {
      #expect(throws: CodecError.unknown(field: "kind of a state key", value: UInt64(kind))) {
        try Reader.whole([kind] + [UInt8](repeating: 0, count: 32)) { (reader) throws(CodecError) in
          try StateKey(from: &reader)
        }
      }
    }
    let remembered = StateKey.remembered(Height(1), group: 0)
    func group(_ times: [UInt8], count: Int? = nil) -> [UInt8] {
      times.reduce(into: [UInt8(count ?? times.count)]) { bytes, time in
        bytes += [UInt8](repeating: time, count: 32) + [time] + [UInt8](repeating: 0, count: 7)
      }
    }
    #expect(throws: Never.self) { try decode(remembered, group([1, 2, 3])) }
    #expect(throws: CodecError.self) { try decode(remembered, group([])) }
    #expect(throws: CodecError.self) { try decode(remembered, group([2, 1])) }
    #expect(throws: CodecError.self) { try decode(remembered, group([1, 1])) }
    #expect(throws: CodecError.self) { try decode(remembered, group([1, 2], count: 3)) }
    #expect(throws: CodecError.self) {
      try decode(remembered, group((0...UInt8(Limits.rememberedGroup)).map { $0 }))
    }
    #expect(throws: CodecError.self) {
      try Reader.whole([0x07, 1, 0x63, 0, 0]) { (reader) throws(CodecError) in try StateKey(from: &reader) }
    }
  }

  /// Expects that the value that `change` makes of the bytes of an entry is refused.
  private func refuse(_ entry: StateEntry, _ change: (inout [UInt8]) -> Void) {
    var writer = Writer()
    entry.encodeValue(into: &writer)
    var bytes = writer.bytes
    #expect(throws: Never.self) { try read(entry.key, bytes) }
    change(&bytes)
    #expect(throws: CodecError.self) { try read(entry.key, bytes) }
  }

  private func read(_ key: StateKey, _ value: [UInt8]) throws(CodecError) -> StateEntry {
    try Reader.whole(value) { (reader) throws(CodecError) in try StateEntry(key: key, from: &reader) }
  }

  /// The first version, and only the first, has none before it.
  private func refuseRecords() {
    for version in [1, 2] as [UInt64] {
      let record = StateEntry.record(
        RecordVersion(
          collection: TestChain.collection("c"), key: "k", version: version, author: TestChain.name("notary"),
          content: .zero, metadata: [], time: Timestamp(0), previous: version == 1 ? .zero : Digest(1, 1, 1, 1)))
      refuse(record) { $0[0] = UInt8(3 - version) }
      refuse(record) { $0[0] = 0 }
    }
  }

  /// A hold whose payee is its payer, of nothing, or with another flag than 0 and 1 before the arbiter.
  private func refuseHolds() {
    let hold = Hold(
      from: TestChain.account("a"), reference: TestChain.reference("r"), to: TestChain.account("b"),
      asset: TestChain.name("c"), amount: Amount(1), expires: Timestamp(0), arbiter: TestChain.name("d"),
      placed: HoldNumber(height: Height(1), operation: 0))
    refuse(.hold(hold)) { $0[1] = UInt8(ascii: "a") }
    refuse(.hold(hold)) { $0[4] = 0 }
    refuse(.hold(hold)) { $0[28] = 2 }
    refuse(.hold(hold)) { $0[28] = 0 }
    refuse(.hold(hold)) { $0.append(0) }
  }

  private func refuseEpochs() {
    let name = TestChain.name("a")
    let other = ConfiguredValidator(name: TestChain.name("b"), member: name, voteKey: Samples.key(2))
    let configuration = StateEntry.configuration(
      ChainConfiguration(
        rulesVersion: 3, leaderTimeoutMilliseconds: 1000,
        validators: [ConfiguredValidator(name: name, member: name, voteKey: Samples.key(1)), other]))
    refuse(configuration) { $0[2...5] = [9, 0, 0, 0] }
    refuse(configuration) { $0[6] = 0 }
    // The names of the two validators, then their keys, become the same.
    refuse(configuration) { $0[11] = UInt8(ascii: "b") }
    refuse(configuration) { bytes in bytes.replaceSubrange((bytes.count - 33)..., with: bytes[14..<47]) }
    func node(_ pins: [Digest], _ addresses: [String]) -> StateEntry {
      .node(DirectoryEntry(name: name, member: name, pins: pins, addresses: addresses))
    }
    let sound = node([Digest(0, 0, 0, 1), Digest(0, 0, 0, 2)], ["h:1"])
    refuse(sound) { $0[2] = 0 }
    refuse(sound) { $0[2] = 3 }
    refuse(sound) { bytes in bytes.swapAt(34, 66) }
    refuse(sound) { $0[67] = 0 }
    refuse(sound) { $0[67] = 5 }
    refuse(sound) { $0[$0.count - 1] = UInt8(ascii: "0") }
    refuse(node([.zero], ["h:1", "h:2"])) { $0[$0.count - 1] = UInt8(ascii: "1") }
    for parameter in ChainParameter.allCases where parameter != .administratorThreshold && !parameter.isConfigured {
      var parameters = ChainParameters(administratorThreshold: 1)
      parameters.set(parameter, to: parameter.bounds.lowerBound)
      #expect(parameters != ChainParameters(administratorThreshold: 1))
      let place = 2 + 4 * (Int(parameter.rawValue) - 2)
      refuse(.parameters(parameters)) { $0.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0]) }
    }
  }
}
