package import Primitives

/// What the rest of a node needs to know of the running epoch.
package struct RunningEpoch: Equatable, Sendable {
  package var epoch: Epoch
  /// The validators' names, in the order of their indices.
  package var validators: [String]
  /// This node's index among them, and the key with which it votes; nil if it only follows.
  package var own: ValidatorIndex?
  package var ownKey: PublicKey?
  /// The longest leader time-out, in microseconds.
  package var longestTimeout: UInt64

  package init(
    epoch: Epoch, validators: [String], own: ValidatorIndex?, ownKey: PublicKey?, longestTimeout: UInt64
  ) {
    self.epoch = epoch
    self.validators = validators
    self.own = own
    self.ownKey = ownKey
    self.longestTimeout = longestTimeout
  }
}

extension ReplicaConfiguration {
  var runningEpoch: RunningEpoch {
    RunningEpoch(
      epoch: validators.epoch, validators: validators.validators.map(\.name), own: own, ownKey: ownKey,
      longestTimeout: maximumDelta)
  }
}

extension Replica {
  package var runningEpoch: RunningEpoch { context.configuration.runningEpoch }
}
