public import Events

/// What every page has around its content.
public struct PageFrame: Sendable {
    let title: String
    let policy = PageStyle.policy
    let style = PageStyle.sheet
    let links: [Link]
    /// Seconds between two loads of the page; nil: it stays as it is.
    let refresh: Int?
    /// Which clock the times on the page are of.
    let clock: String
    let madeAt: TimeView?

    public struct Link: Sendable {
        let text: String
        let address: String
        let isHere: Bool

        public init(_ text: String, _ address: String, isHere: Bool = false) {
            self.text = text
            self.address = address
            self.isHere = isHere
        }
    }

    public init(title: String, links: [Link] = [], refresh: Int? = nil, zone: ZoneRules, at time: Timestamp, tellsTime: Bool = true) {
        self.title = title
        self.links = links
        self.refresh = refresh
        clock = zone.label(at: time)
        madeAt = tellsTime ? TimeView(time, zone) : nil
    }
}

/// A moment: for people in their zone, and for programs in UTC.
public struct TimeView: Sendable {
    let iso: String
    let text: String
    let short: String

    public init(_ time: Timestamp, _ zone: ZoneRules) {
        iso = time.rfc3339
        text = zone.text(time)
        short = zone.shortText(time)
    }
}

/// A page's own view comes beside its frame.
public struct FramedView<Content: Sendable>: Sendable {
    let frame: PageFrame
    let page: Content

    public init(_ frame: PageFrame, _ page: Content) {
        self.frame = frame
        self.page = page
    }
}

extension PageRenderer {
    /// `$main` is what a page puts into it.
    static let frameTemplate = begin + #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="{{frame.policy}}">
        <meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark">
        {{#frame.refresh}}<meta http-equiv="refresh" content="{{frame.refresh}}">
        {{/frame.refresh}}
        <title>{{frame.title}}</title>
        <style>{{{frame.style}}}</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
        <nav aria-label="Pages">
        <ul>
        <li class="brand">Vitrine</li>
        {{#frame.links}}<li><a href="{{.address}}"{{#.isHere}} aria-current="page"{{/.isHere}}>{{.text}}</a></li>
        {{/frame.links}}
        </ul>
        </nav>
        </header>
        <main id="main" tabindex="-1">
        {{$main}}{{/main}}
        </main>
        <footer>
        <p>Times are of {{frame.clock}}.{{#frame.madeAt}} This page was made at <time datetime="{{.iso}}">{{.text}}</time>.{{/frame.madeAt}}</p>
        {{$foot}}{{/foot}}
        </footer>
        </body>
        </html>

        """#
}
