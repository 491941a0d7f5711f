import Primitives
import Testing

@Suite("A certificate and its set")
struct CertificateTests {
  private func set(_ count: Int, epoch: Epoch = .first) -> ValidatorSet {
    ValidatorSet(
      epoch: epoch,
      validators: (0..<count).map { number in
        let digest = Digest(UInt64(number), 0, 0, 0)
        return Validator(name: "node\(number)", voteKey: PublicKey(prefix: 2, body: digest))
      })
  }

  private func certificate(_ signers: [UInt16], epoch: Epoch = .first) -> Certificate {
    Certificate(
      statement: .nullify(epoch: epoch, view: View(1)), signers: signers.map { ValidatorIndex($0) },
      signatures: signers.map { _ in Signature(first: .zero, second: .zero) })
  }

  @Test("C16: exactly a quorum of the set must have signed, nobody from outside it")
  func signers() {
    #expect(certificate([0, 1, 2]).hasQuorum(of: set(4)))
    #expect(certificate([1, 2, 3]).hasQuorum(of: set(4)))
    #expect(!certificate([1, 2, 4]).hasQuorum(of: set(4)))
    #expect(!certificate([0, 1]).hasQuorum(of: set(4)))
    #expect(!certificate([0, 1, 2, 3]).hasQuorum(of: set(4)))
    #expect(!certificate([]).hasQuorum(of: set(1)))
    #expect(certificate([0]).hasQuorum(of: set(1)))
  }

  @Test("a quorum of one epoch is not a quorum of another, even with the same validators")
  func epochs() {
    #expect(!certificate([0, 1, 2], epoch: Epoch(1)).hasQuorum(of: set(4)))
    #expect(!certificate([0, 1, 2]).hasQuorum(of: set(4, epoch: Epoch(1))))
    #expect(certificate([0, 1, 2], epoch: Epoch(1)).hasQuorum(of: set(4, epoch: Epoch(1))))
  }
}
