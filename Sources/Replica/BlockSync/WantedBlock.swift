internal import Primitives

/// A block that is requested by digest.
struct WantedBlock {
  var round: Round
  var nextAsk: Tick
  var asked = 0
}
