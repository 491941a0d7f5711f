internal import Primitives

/// The validators of an epoch, and the seats of their nodes in the cluster.
struct SeatedSet {
  let validators: ValidatorSet
  /// By validator index.
  let seats: [Int]

  init(_ validators: ValidatorSet, _ population: Population) {
    self.validators = validators
    seats = validators.validators.map { validator in
      guard let seat = population.seat(of: validator.name) else {
        preconditionFailure("the chain made \(validator.name) a validator, which is no node of the cluster")
      }
      return seat
    }
  }

  /// The index of the validator at a seat; nil if it is not in the set.
  func index(of seat: Int) -> ValidatorIndex? { seats.firstIndex(of: seat).map { ValidatorIndex(UInt16($0)) } }
}
