extension FuzzTarget {
  /// Every target. A new decoder is one more entry in one of these lists (Documentation/fuzzing.md).
  package static func all(_ traffic: Traffic) -> [FuzzTarget] {
    peerTargets(traffic) + ledgerTargets(traffic) + stateTargets(traffic) + documentTargets(traffic)
      + snapshotTargets(traffic) + frameTargets(traffic) + logFormatTargets(traffic) + keyTargets()
      + signerTargets()
      + [segments(traffic), damage(traffic), restoration(traffic), replica(traffic)]
  }
}
