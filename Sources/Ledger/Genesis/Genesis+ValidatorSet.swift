public import Primitives

extension Genesis {
  /// The validators of the first epoch.
  public var validatorSet: ValidatorSet {
    ValidatorSet(
      epoch: .first,
      validators: validators.map {
        Validator(name: $0.name.description, voteKey: $0.voteKey, pin: $0.transportKey)
      })
  }
}
