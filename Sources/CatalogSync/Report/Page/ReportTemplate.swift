extension PageRenderer {
    /// One run: `report.html`, and the page of a run on the status page. Knows a `ReportView`.
    static let reportTemplate = begin + #"""
        <h1><bdi>{{pipeline}}</bdi> <span class="badge {{tone}}">{{state}}</span></h1>
        <p class="soft small">Run <code>{{runID}}</code>, started <time datetime="{{started.iso}}">{{started.text}}</time>{{#ended}}, ended <time datetime="{{.iso}}">{{.text}}</time>{{/ended}}, took {{took}}</p>
        <p class="lead">{{sentence}}</p>
        {{#failure}}
        <section class="notice bad" aria-labelledby="stop">
        <h2 id="stop">Why it stopped</h2>
        <p><bdi>{{.culprit}}</bdi></p>
        {{#.details}}<p dir="auto">{{.}}</p>
        {{/.details}}
        <p class="todo"><b>What to do:</b> {{#.remedy}}{{>word}}{{/.remedy}}</p>
        </section>
        {{/failure}}
        <dl class="figures">
        {{#figures}}<div><dt>{{.name}}</dt><dd class="{{.tone}}">{{.value}}</dd></div>
        {{/figures}}
        </dl>
        {{#hasRefusedFiles}}
        <section aria-labelledby="files">
        <h2 id="files">Files refused as a whole</h2>
        {{#refusedFiles}}
        <article class="card">
        <header><h3><bdi>{{.file}}</bdi></h3>{{#.line}} <span class="soft">{{.}}</span>{{/.line}} <span class="soft small">{{.rule}}</span></header>
        <p dir="auto">{{.message}}</p>
        <p class="todo"><b>What to do:</b> {{#.remedy}}{{>word}}{{/.remedy}}</p>
        </article>
        {{/refusedFiles}}
        {{#moreRefusedFiles}}<p>{{.}}</p>{{/moreRefusedFiles}}
        </section>
        {{/hasRefusedFiles}}
        {{#sections}}
        {{>remedies}}
        {{/sections}}
        <section aria-labelledby="books">
        <h2 id="books">The books</h2>
        <p class="{{balanceTone}}">{{balance}}</p>
        <div class="pair">
        {{#rowBooks}}{{>books}}{{/rowBooks}}
        {{#itemBooks}}{{>books}}{{/itemBooks}}
        </div>
        </section>
        <section aria-labelledby="delivery">
        <h2 id="delivery">On the way</h2>
        <p class="soft small">A batch is one request with many products; a handle is Meta’s receipt for it.</p>
        <dl class="row">
        {{#delivery}}<div><dt>{{.name}}</dt><dd class="nums">{{.value}}</dd></div>
        {{/delivery}}
        </dl>
        </section>
        {{#hasSettled}}
        <section aria-labelledby="settled">
        <h2 id="settled">Earlier runs settled first</h2>
        <ul class="plain">
        {{#settled}}<li><code>{{.runID}}</code>, {{.state}}: {{.words}}</li>
        {{/settled}}
        </ul>
        </section>
        {{/hasSettled}}

        """#

    /// A section of things to mend. Knows a `RemedySection`.
    static let remediesTemplate = begin + #"""
        <section aria-labelledby="{{.id}}">
        <h2 id="{{.id}}">{{.heading}}</h2>
        <p class="soft">{{.lead}}</p>
        {{#.groups}}
        <article class="card">
        <header><span class="count">{{.count}} ×</span><h3 dir="auto">{{.title}}</h3>{{#.rules}}<span class="soft small">{{.}}</span>{{/.rules}}</header>
        <p class="todo"><b>What to do:</b> {{#.remedy}}{{>word}}{{/.remedy}}</p>
        <ul class="examples">
        {{#.examples}}
        <li>
        <span class="soft small"><bdi>{{.file}}</bdi>{{#.line}}, {{.}}{{/.line}}{{#.product}}, product {{#.trace}}<a href="{{.}}">{{/.trace}}<bdi>{{.id}}</bdi>{{#.trace}}</a>{{/.trace}}{{#.link}}, <a href="{{.}}" rel="noreferrer">in the shop</a>{{/.link}}{{/.product}}</span>
        <span class="said" dir="auto">{{.said}}</span>
        {{#.original}}
        <dl class="row">
        {{#.first}}<div class="{{.mark}}"><dt><bdi>{{.column}}</bdi></dt><dd dir="auto">{{.value}}</dd></div>
        {{/.first}}
        </dl>
        {{#.hasOthers}}
        <details>
        <summary>The whole row as it came, {{.count}}{{#.leftOut}} {{.}}{{/.leftOut}}</summary>
        <dl class="row">
        {{#.others}}<div class="{{.mark}}"><dt><bdi>{{.column}}</bdi></dt><dd dir="auto">{{.value}}</dd></div>
        {{/.others}}
        </dl>
        </details>
        {{/.hasOthers}}
        {{/.original}}
        </li>
        {{/.examples}}
        </ul>
        {{#.more}}<p class="soft">{{.}}</p>{{/.more}}
        </article>
        {{/.groups}}
        {{#.more}}<p class="soft">{{.}}</p>{{/.more}}
        {{#.hasFiles}}
        <p>To mend the rows in a spreadsheet, open these files of the landing zone, and put them back into <code>data/</code> when done:</p>
        <ul class="plain">
        {{#.files}}<li><code><bdi>{{.place}}</bdi></code> <span class="soft">{{.rows}}</span></li>
        {{/.files}}
        </ul>
        {{/.hasFiles}}
        </section>

        """#

    /// A sum. Knows a `BooksView`.
    static let booksTemplate = begin + #"""
        <table class="books">
        <caption>{{.caption}}</caption>
        <tbody>
        {{#.parts}}<tr><th scope="row">{{.name}}<br><span class="soft small">{{.gloss}}</span></th><td class="n">{{.count}}</td></tr>
        {{/.parts}}
        </tbody>
        <tfoot><tr><th scope="row">{{.total}}</th><td class="n">{{.sum}}</td></tr></tfoot>
        </table>

        """#

    /// `report.html`: knows a `FramedView` of a `ReportView`.
    static let reportPageTemplate = begin + #"""
        {{<frame}}{{$main}}{{#page}}{{>report}}{{/page}}{{/main}}{{/frame}}
        """#
}
