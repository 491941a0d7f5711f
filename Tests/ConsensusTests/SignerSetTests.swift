import Primitives
import Testing

@testable import Consensus

@Testing.Suite("Sets of validators")
struct SignerSetTests {
  @Test("Every validator of the largest set has its own bit, and none outside is ever in it")
  func bits() {
    var set = SignerSet()
    for index in 0..<UInt16(Limits.validators) {
      #expect(!set.contains(ValidatorIndex(index)))
      set.insert(ValidatorIndex(index))
      #expect(set.contains(ValidatorIndex(index)))
    }
    #expect(set.count == Limits.validators)
    #expect(set.count(without: ValidatorIndex(200)) == Limits.validators - 1)
    #expect(set.count(without: nil) == Limits.validators)
    #expect([256, 300, 65_535].allSatisfy { !set.contains(ValidatorIndex($0)) })
    for index in 0..<UInt16(Limits.validators) { set.remove(ValidatorIndex(index)) }
    #expect(set == SignerSet())
    set.remove(ValidatorIndex(65_535))
  }
}
