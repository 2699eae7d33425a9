-- Between pages, links name the Markdown; between HTML pages, the HTML.
function Link(link)
  if not link.target:match("^%a+:") then
    link.target = link.target:gsub("%.md$", ".html"):gsub("%.md#", ".html#")
  end
  return link
end

-- A wide table or picture scrolls by itself on a narrow screen.
function Table(table)
  -- As wide as its cells: not as the dashes under the heads.
  for _, spec in ipairs(table.colspecs) do
    spec[2] = nil
  end
  return pandoc.Div({table}, {class = "wide"})
end
