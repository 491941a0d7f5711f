/// The networks that can be requested by name.
package enum NetworkKind: String, CaseIterable, Sendable {
  /// Processes on one machine.
  case local
  /// One building.
  case lan
  /// Continents.
  case wan
  /// Long lines that lose, duplicate and reorder frames.
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
