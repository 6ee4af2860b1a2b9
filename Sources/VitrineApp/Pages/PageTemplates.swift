import CatalogSync

/// The pages of the status page. Every name in a section begins with a dot: without it a name that a part lacks would be taken from the whole.
enum PageTemplates {
    static let all = [
        "overview": overview, "runs": runs, "run": run, "products": products, "product": product, "message": message, "search": search,
        "run-table": runTable, "chart": chart,
    ]

    private static func framed(_ main: String) -> String {
        PageRenderer.begin + "{{<frame}}{{$main}}{{#page}}\n" + main + "{{/page}}{{/main}}{{/frame}}\n"
    }

    private static let overview = framed(
        #"""
        <h1 class="{{.tone}}">{{.heading}}</h1>
        <div class="cards">
        {{#.pipelines}}
        <article class="card">
        <header><h2 class="h3"><bdi>{{.name}}</bdi></h2><span class="badge {{.tone}}">{{.badge}}</span></header>
        <p>{{.sentence}}</p>
        {{#.problems}}<p><span class="{{.tone}}">{{.text}}</span> <span class="soft small">{{.remedy}}</span></p>
        {{/.problems}}
        <dl class="row">
        {{#.facts}}<div><dt>{{.name}}</dt><dd>{{#.time}}<time datetime="{{.iso}}">{{.short}}</time>, {{/.time}}{{#.link}}<a href="{{.}}">{{/.link}}{{.words}}{{#.link}}</a>{{/.link}}</dd></div>
        {{/.facts}}
        </dl>
        {{#.hasProducts}}
        <ul class="counts">
        {{#.counts}}<li><a href="{{.link}}"><b class="{{.tone}}">{{.count}}</b> {{.words}}</a></li>
        {{/.counts}}
        </ul>
        {{/.hasProducts}}
        </article>
        {{/.pipelines}}
        </div>
        {{>search}}
        {{#.hasRemedies}}
        <section aria-labelledby="mend">
        <h2 id="mend">Products not live, by what to do</h2>
        <ol class="mend">
        {{#.remedies}}<li><a href="{{.link}}"><b class="nums">{{.count}}</b> <span dir="auto">{{.title}}</span></a> <span class="badge {{.tone}}">{{.whose}}</span>{{#.pipeline}} <bdi class="soft small">{{.}}</bdi>{{/.pipeline}}<br><span class="soft">{{#.action}}{{>word}}{{/.action}}</span></li>
        {{/.remedies}}
        </ol>
        {{#.moreRemedies}}<p class="soft">{{.}}</p>{{/.moreRemedies}}
        </section>
        {{/.hasRemedies}}
        {{#.charts}}
        {{>chart}}
        {{/.charts}}
        {{#.hasRuns}}
        <section aria-labelledby="runs">
        <h2 id="runs">Recent runs</h2>
        {{>run-table}}
        <p><a href="/runs">All runs</a></p>
        </section>
        {{/.hasRuns}}
        {{^.hasRuns}}
        <p class="notice">No run is remembered yet. Put a file into the landing zone and run: <code>vitrine run</code></p>
        {{/.hasRuns}}
        <p class="soft small">{{#frame.refresh}}This page loads itself anew every {{frame.refresh}} s. <a href="/">Stop that</a>{{/frame.refresh}}{{^frame.refresh}}<a href="/?refresh=60">Load this page anew every minute</a>{{/frame.refresh}}</p>

        """#)

    private static let search =
        PageRenderer.begin + #"""
        <form class="search" action="/products" method="get" role="search">
        <div><label for="q">What became of a product? Its id, or a part of it</label>
        <input id="q" name="q" type="search" value="{{.text}}" dir="auto" autocomplete="off" spellcheck="false" maxlength="500"></div>
        <button>Search</button>
        </form>

        """#

    private static let runTable =
        PageRenderer.begin + #"""
        <div class="wide" role="region" aria-label="Runs with their books" tabindex="0">
        <table class="stack runs">
        <caption>Rows read = rejected + superseded + unchanged + sent, and what is held or pending. Sent = accepted + refused + unknown.</caption>
        <thead><tr><th scope="col">Started</th><th scope="col">Pipeline</th><th scope="col">State</th><th scope="col" class="n">Read</th><th scope="col" class="n">Rejected</th><th scope="col" class="n">Superseded</th><th scope="col" class="n">Unchanged</th><th scope="col" class="n">Sent</th><th scope="col" class="n">Accepted</th><th scope="col" class="n">Refused</th><th scope="col" class="n">Unknown</th><th scope="col">Books</th></tr></thead>
        <tbody>
        {{#.runs}}<tr><th scope="row"><a href="{{.link}}"><time datetime="{{.started.iso}}">{{.started.short}}</time></a></th><td data-label="Pipeline"><bdi>{{.pipeline}}</bdi></td><td data-label="State"><span class="badge {{.tone}}">{{.state}}</span></td><td class="n" data-label="Read">{{.read}}</td><td class="n" data-label="Rejected">{{.rejected}}</td><td class="n" data-label="Superseded">{{.superseded}}</td><td class="n" data-label="Unchanged">{{.unchanged}}</td><td class="n" data-label="Sent">{{.sent}}</td><td class="n" data-label="Accepted">{{.accepted}}</td><td class="n" data-label="Refused">{{.refused}}</td><td class="n" data-label="Unknown">{{.unknown}}</td><td data-label="Books" class="{{.balanceTone}}">{{.balance}}</td></tr>
        {{/.runs}}
        </tbody>
        </table>
        </div>

        """#

    private static let chart =
        PageRenderer.begin + #"""
        <section aria-labelledby="{{.id}}">
        <h2 id="{{.id}}">{{.title}}: <bdi>{{.pipeline}}</bdi></h2>
        <svg class="chart" viewBox="0 0 720 150" role="img" aria-labelledby="{{.id}}-t {{.id}}-d">
        <title id="{{.id}}-t">{{.title}}</title>
        <desc id="{{.id}}-d">{{.words}}</desc>
        <line class="axis" x1="0" x2="720" y1="124.5" y2="124.5"></line>
        {{#.bars}}<rect class="{{.tone}}" x="{{.x}}" y="{{.y}}" width="{{.width}}" height="{{.height}}"><title>{{.words}}</title></rect>
        {{/.bars}}
        <text x="6" y="12" aria-hidden="true">{{.most}}</text>
        {{#.labels}}<text x="{{.x}}" y="143" text-anchor="{{.anchor}}" aria-hidden="true">{{.text}}</text>
        {{/.labels}}
        </svg>
        <ul class="key">
        {{#.key}}<li><i class="{{.tone}}"></i><bdi>{{.name}}</bdi> <b class="nums">{{.total}}</b></li>
        {{/.key}}
        </ul>
        <details>
        <summary>The same as a table</summary>
        <div class="wide" role="region" aria-label="Refusals by day" tabindex="0">
        <table>
        <thead><tr><th scope="col">Day</th>{{#.key}}<th scope="col" class="n"><bdi>{{.name}}</bdi></th>{{/.key}}</tr></thead>
        <tbody>
        {{#.days}}<tr><th scope="row">{{.name}}</th>{{#.counts}}<td class="n">{{.}}</td>{{/.counts}}</tr>
        {{/.days}}
        </tbody>
        </table>
        </div>
        </details>
        </section>

        """#

    private static let runs = framed(
        #"""
        <h1>Runs{{#.of}} of <bdi>{{.}}</bdi>{{/.of}}</h1>
        {{#.hasRuns}}
        {{>run-table}}
        {{/.hasRuns}}
        {{^.hasRuns}}<p class="notice">There are none{{#.isLater}} before these{{/.isLater}}.</p>{{/.hasRuns}}
        <p class="pages">{{#.isLater}}<a href="/runs">Newest runs</a>{{/.isLater}}{{#.older}}<a href="{{.}}">Older runs</a>{{/.older}}</p>

        """#)

    private static let run = framed("{{>report}}\n")

    private static let products = framed(
        #"""
        <h1>{{.heading}}</h1>
        {{>search}}
        <ul class="filters" aria-label="Which products">
        {{#.filters}}<li><a href="{{.address}}"{{#.isHere}} aria-current="true"{{/.isHere}}>{{.text}}</a></li>
        {{/.filters}}
        </ul>
        <p>{{.lead}} {{#.advice}}{{>word}}{{/.advice}}</p>
        {{#.isEmpty}}<p class="notice">{{.emptyWords}}</p>{{/.isEmpty}}
        {{#.groups}}
        <section>
        {{#.name}}<h2><bdi>{{.}}</bdi></h2>{{/.name}}
        <div class="wide" role="region" aria-label="Products" tabindex="0">
        <table class="stack products">
        <caption>{{#.total}}{{.}}{{/.total}}</caption>
        <thead><tr><th scope="col">Product</th><th scope="col">State</th><th scope="col">Why, and what to do</th><th scope="col">Row</th></tr></thead>
        <tbody>
        {{#.products}}<tr><th scope="row"><a href="{{.link}}"><bdi>{{.id}}</bdi></a></th><td><span class="badge {{.tone}}">{{.state}}</span><br><span class="soft small">since <time datetime="{{.since.iso}}">{{.since.short}}</time></span></td><td><span dir="auto">{{.title}}</span>{{#.hasAction}}<br><span class="soft small">{{#.action}}{{>word}}{{/.action}}</span>{{/.hasAction}}{{#.message}}<br><span class="small" dir="auto">{{.}}</span>{{/.message}}</td><td class="small soft"><bdi>{{.file}}</bdi>, line {{.row}}</td></tr>
        {{/.products}}
        </tbody>
        </table>
        </div>
        {{#.next}}<p class="pages"><a href="{{.}}">More</a></p>{{/.next}}
        </section>
        {{/.groups}}

        """#)

    private static let product = framed(
        #"""
        <h1><span class="soft">Product</span> <bdi>{{.id}}</bdi></h1>
        {{#.traces}}
        <section class="card">
        <h2 class="h3"><bdi>{{.pipeline}}</bdi> <span class="badge {{.tone}}">{{.state}}</span></h2>
        <p class="soft small">{{#.since}}Since <time datetime="{{.iso}}">{{.text}}</time>{{/.since}}{{#.place}}, from <bdi>{{.file}}</bdi>, line {{.row}}{{/.place}}</p>
        {{#.title}}<p><b dir="auto">{{.}}</b></p>{{/.title}}
        {{#.hasAction}}<p class="todo"><b>What to do:</b> {{#.action}}{{>word}}{{/.action}}</p>{{/.hasAction}}
        {{#.message}}<p dir="auto">{{.}}</p>{{/.message}}
        {{#.shopLink}}<p><a href="{{.}}" rel="noreferrer">Open it in the shop</a></p>{{/.shopLink}}
        </section>
        <h2>What happened to it</h2>
        <ol class="history">
        {{#.events}}
        <li class="{{.tone}}">
        <b>{{.words}}</b> <span class="soft small"><time datetime="{{.at.iso}}">{{.at.text}}</time>, <a href="{{.runLink}}">run {{.runID}}</a></span><br>
        <span class="soft small"><bdi>{{.file}}</bdi>, line {{.row}}</span>
        {{#.notes}}<br><span dir="auto">{{.}}</span>{{/.notes}}
        <dl class="row">
        {{#.facts}}<div><dt>{{.name}}</dt><dd>{{.value}}</dd></div>
        {{/.facts}}
        </dl>
        </li>
        {{/.events}}
        </ol>
        {{/.traces}}
        {{>search}}

        """#)

    private static let message = framed(
        #"""
        <h1>{{.heading}}</h1>
        {{#.lines}}<p dir="auto">{{.}}</p>
        {{/.lines}}
        <p class="todo"><b>What to do:</b> {{#.remedy}}{{>word}}{{/.remedy}}</p>

        """#)
}
