import Cryptography
import Primitives
import Testing

@testable import Ledger

extension GoldenVectorTests {
  @Test(
    "The blocks with terms leave them and the new issuer, and nothing of the closed account", arguments: Suite.allCases)
  func terms(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    let result = try Reader.whole(try file["result.8"]) { (reader) throws(CodecError) in try BlockResult(from: &reader)
    }
    var proved: [StateEntry?] = []
    for number in try file.numbers("terms-state-proof") {
      let proof = try Reader.whole(try file["terms-state-proof.\(number)"]) { (reader) throws(CodecError) in
        try StateProof(from: &reader)
      }
      proved.append(try proof.verify(root: result.stateRoot, hash: &hash))
    }
    try #require(proved.count == 4)
    #expect(proved.map { $0 != nil } == [true, true, false, false])
    let eur = TestChain.name("eur")
    #expect(proved[0] == .assetTerms(eur, AssetTerms(cap: Amount(UInt128(1) << 80), isFrozen: true)))
    guard case .asset(let asset) = proved[1] else {
      Issue.record("the second proof is of no asset")
      return
    }
    #expect(asset.name == eur && asset.issuer == TestChain.name("bank-d"))
    for number in try file.numbers("terms-entry", ".key") {
      let entry = try #require(proved[number - 1])
      #expect(encoded { entry.key.encode(into: &$0) } == (try file["terms-entry.\(number).key"]))
      #expect(encoded { entry.encodeValue(into: &$0) } == (try file["terms-entry.\(number).value"]))
    }
  }
}
