/// The networks a run can be asked for by name.
package enum NetworkKind: String, CaseIterable, Sendable {
  /// Processes on one machine.
  case local
  /// One building.
  case lan
  /// Continents.
  case wan
  /// Continents, over lines that lose, double and reorder frames.
  case lossy

  package var quality: LinkQuality {
    switch self {
    case .local: .local
    case .lan: .building
    case .wan: .wide
    case .lossy: .lossy
    }
  }
}
