package import Primitives

/// What a whole log holds and what it lost.
package struct LogSurvey: Hashable, Sendable {
  package enum Ending: Hashable, Sendable {
    case clean
    case unclosed
    /// A start would clear the bytes from here on; nothing of them was ever durable.
    case torn(file: String, offset: Int)
    /// The last stretch reaches to the end of the log.
    case damaged
  }

  /// In order.
  package internal(set) var stretches: [DamagedStretch] = []
  package internal(set) var ending = Ending.unclosed
  package internal(set) var segments: [LogSegment] = []
  /// Sound records.
  package internal(set) var records = 0
  package internal(set) var payloadBytes = 0
  /// The last position, lost ones included.
  package internal(set) var last = LogPosition.start
  package internal(set) var lastHeight = Height.genesis
  package internal(set) var pruned: PruneMark?
}

extension LogReader {
  /// Reads the whole log and changes nothing: every damaged stretch, and a cursor over them and the sound records
  /// in order. (`inspect` ends at the first damage.)
  /// - Throws: what nothing in the log can repair: a missing segment, a damaged header that nothing proves, a file of
  ///   another size, chain or writer, a damaged prune mark.
  package func survey() throws(LogError) -> (survey: LogSurvey, entries: SurveyCursor<Storage>) {
    let scan = try SurveyScan(storage, owner: owner)
    let cursor = SurveyCursor(storage, segments: scan.segments, stretches: scan.survey.stretches)
    return (scan.survey, cursor)
  }
}
