internal import Primitives

// Deliberate defects in the simulated shell around the replicas.
extension SimulatedCluster {
  var isMutated: Bool { Mutation.allCases.contains { $0.isOn } }
  var saysDurableBeforeSync: Bool { Mutation.durableBeforeSync.isOn }
  var forgetsVotes: Bool { Mutation.forgetVotesOnRestart.isOn }
  var remembersLoss: Bool { !Mutation.voteAfterLoss.isOn }
  var trustsSignatures: Bool { Mutation.trustSignatures.isOn }
  var dropsBlocks: Bool { Mutation.dropBlocks.isOn }
  var restoresOldDisks: Bool { Mutation.restoreOldDisk.isOn }
}
