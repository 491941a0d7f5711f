import Consensus
import Primitives

/// The consensus machine alone: no signatures, no disk, no network, and blocks that are only digests.
///
/// A whole cluster runs once, unmeasured, and records the inputs of each machine. Fresh machines then receive the same
/// inputs, and only their steps are measured.
enum ConsensusBench {
  static func run(_ report: Report) throws {
    for (validators, views) in [(4, UInt64(1000)), (31, 100)] {
      let recording = try ConsensusRecording(validators: validators, views: views)
      let inputs = recording.inputs.reduce(0) { $0 + $1.count }
      let finalized = recording.lastFinalized.reduce(0) { $0 + Int($1.view.rawValue) }
      report.note(
        "consensus of \(validators): \(finalized / validators) final views, "
          + "\(inputs / finalized) inputs and \(recording.effects / finalized) effects a view at each validator")
      var cost = Cost()
      for validator in 0..<validators { cost += try replay(recording, validator) }
      report.line("consensus of \(validators): one input", inputs, cost, "step")
      report.line("consensus of \(validators): a final view at one validator", finalized, cost, "view")
    }
  }

  private static func replay(_ recording: ConsensusRecording, _ validator: Int) throws -> Cost {
    var machine = recording.machine(validator)
    let inputs = recording.inputs[validator]
    var effects: [ConsensusEffect] = []
    let cost = Cost.measure {
      for input in inputs {
        machine.step(input.input, now: input.tick, effects: &effects)
        effects.removeAll(keepingCapacity: true)
      }
    }
    guard machine.lastFinalized == recording.lastFinalized[validator] else {
      throw BenchError("validator \(validator) ends at view \(machine.lastFinalized.view) when told the same again")
    }
    return cost
  }
}
