import Primitives

/// A set of `count` validators, whose keys nothing is ever signed with.
func validatorSet(_ count: Int, epoch: Epoch = .first) -> ValidatorSet {
  ValidatorSet(
    epoch: epoch,
    validators: (0..<count).map { number in
      let digest = Digest(UInt64(number), 0, 0, 0)
      return Validator(name: "v\(number)", voteKey: PublicKey(prefix: 2, body: digest))
    })
}

extension Round {
  /// A view of the first epoch.
  init(_ view: UInt64) { self.init(epoch: .first, view: View(view)) }
}
