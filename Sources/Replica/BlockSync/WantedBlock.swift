internal import Primitives

/// A block that is asked for by digest.
struct WantedBlock {
  var round: Round
  var nextAsk: Tick
  var asked = 0
}
