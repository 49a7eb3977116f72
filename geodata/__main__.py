"""`python -m geodata`: write an invented district to a GeoPackage."""

from pathlib import Path

import click

from geodata.district import FEWEST, MOST, district, write


@click.command(
    help="Generate an invented district and write it to a GeoPackage. The same seed gives the same district."
)
@click.option(
    "--communities",
    default=10,
    show_default=True,
    type=click.IntRange(FEWEST, MOST),
    help="how many, of about 3,000 households",
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="another seed, another city"
)
@click.option(
    "-o", "--output", default="demo.gpkg", show_default=True, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="also draw the district to this PNG"
)
def main(communities: int, seed: int, output: Path, picture: Path | None) -> None:
    layers = district(communities, seed)
    write(layers, output)
    if picture:
        from geodata.picture import draw

        draw(layers, picture)
    houses = layers["buildings"]
    click.echo(
        f"{output}: {len(houses):,} buildings, {houses['households'].sum():,} households, "
        f"{communities} communities, {len(layers['streets']):,} streets"
    )


if __name__ == "__main__":
    main()
