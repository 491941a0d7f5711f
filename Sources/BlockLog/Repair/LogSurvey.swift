package import Primitives

/// What a whole log contains and what it has lost.
package struct LogSurvey: Hashable, Sendable {
  /// How the log ends.
  package enum Ending: Hashable, Sendable {
    case clean
    case unclosed
    /// A start would clear the bytes from here on; none of them was ever durable.
    case torn(file: String, offset: Int)
    /// The last stretch reaches to the end of the log.
    case damaged
  }

  /// The damaged stretches, in order.
  package internal(set) var stretches: [DamagedStretch] = []
  package internal(set) var ending = Ending.unclosed
  package internal(set) var segments: [LogSegment] = []
  /// The number of valid records.
  package internal(set) var records = 0
  package internal(set) var payloadBytes = 0
  /// The last position, including lost ones.
  package internal(set) var last = LogPosition.start
  package internal(set) var lastHeight = Height.genesis
  package internal(set) var pruned: PruneMark?
}

extension LogReader {
  /// Reads the whole log without changing it. Returns every damaged stretch, and a cursor over the stretches and the
  /// valid records in order. (`inspect` stops at the first damage.)
  /// - Throws: damage that nothing in the log can repair: a missing segment, a damaged header that no record confirms,
  ///   a file of another size, chain or writer, a damaged prune mark.
  package func survey() throws(LogError) -> (survey: LogSurvey, entries: SurveyCursor<Storage>) {
    let scan = try SurveyScan(storage, owner: owner)
    let cursor = SurveyCursor(storage, segments: scan.segments, stretches: scan.survey.stretches)
    return (scan.survey, cursor)
  }
}
