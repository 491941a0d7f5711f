internal import Primitives

// Deliberate defects in the shell around the replicas. A build for release has none of them.
extension SimulatedCluster {
  #if DEBUG
    private func has(_ mutation: Mutation) -> Bool { Mutation.current == mutation }
    var isMutated: Bool { Mutation.current != nil }
    var saysDurableBeforeSync: Bool { has(.durableBeforeSync) }
    var forgetsVotes: Bool { has(.forgetVotesOnRestart) }
    var remembersLoss: Bool { !has(.voteAfterLoss) }
    var trustsSignatures: Bool { has(.trustSignatures) }
    var dropsBlocks: Bool { has(.dropBlocks) }
    var restoresOldDisks: Bool { has(.restoreOldDisk) }
  #else
    var isMutated: Bool { false }
    var saysDurableBeforeSync: Bool { false }
    var forgetsVotes: Bool { false }
    var remembersLoss: Bool { true }
    var trustsSignatures: Bool { false }
    var dropsBlocks: Bool { false }
    var restoresOldDisks: Bool { false }
  #endif
}
