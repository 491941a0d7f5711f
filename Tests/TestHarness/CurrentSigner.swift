internal import Simulation

/// The signer of a harness's present run.
final class CurrentSigner {
  var signer: SimulatedSigner?
}

extension ReplicaHarness {
  /// Takes the signer away, or gives it back. The replica learns of the latter only by an input.
  package var isSignerAway: Bool {
    get { current.signer?.isAway ?? false }
    set { current.signer?.isAway = newValue }
  }
}
