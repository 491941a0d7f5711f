import Primitives
import Testing

@Testing.Suite("Digests")
struct DigestTests {
  @Test("chosen digests that share all words but one have different hash values, whichever the word is")
  func hashValues() {
    let others: [(UInt64) -> Digest] = [
      { Digest($0, 1, 1, 1) }, { Digest(1, $0, 1, 1) }, { Digest(1, 1, $0, 1) }, { Digest(1, 1, 1, $0) },
    ]
    for digest in others { #expect(Set((0..<1000).map { ChosenDigest(digest($0)).hashValue }).count == 1000) }
  }
}
